package change

import (
	"os"
	"strings"
	"testing"
)

func signed(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/signed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReleases: evidence speaks of a release by its digests, so that whoever
// changes one takes its evidence away.
func TestReleases(t *testing.T) {
	told(t, signed(t), []telling{
		{"artefact", "sha256:aa", "sha256:ab", "proof worse release rel-1: artefact pump.bin has another digest [evidence and approvals of the former one do not speak of it]"},
		{"artefact more", "# net", "\n      - {path: map.bin, digest: \"sha256:ee\"}", "proof neutral release rel-1: artefact map.bin added"},
		{"artefact gone", "      - {path: net.bin, digest: \"sha256:bb\"} # net\n", "", "proof neutral release rel-1: artefact net.bin removed"},
		{"artefact renamed", "path: net.bin", "path: radio.bin", "proof neutral release rel-1: artefact radio.bin added\nproof neutral release rel-1: artefact net.bin removed"},
		{"sbom", "sha256:cc", "sha256:cd", "proof worse release rel-1: SBOM has another digest"},
		{"no sbom", "    sbom: {path: sbom.json, digest: \"sha256:cc\"}\n", "", "proof worse release rel-1: has no SBOM any more"},
		{"built later", "frozen: 2026-02-01", "frozen: 2026-02-05", "proof worse release rel-1: artefacts built on 2026-02-01 → 2026-02-05 [evidence from before 2026-02-05 does not count any more]"},
		{"built earlier", "frozen: 2026-02-01", "frozen: 2026-01-05", "proof worse release rel-1: artefacts built on 2026-02-01 → 2026-01-05 [evidence from before 2026-02-01 can count now]"},
		{"not frozen", "    frozen: 2026-02-01 # day\n", "", "proof worse release rel-1: artefacts built on 2026-02-01 → not stated"},
		{"commit", "commit: 4f1c9a", "commit: 77aa01", "proof worse release rel-1: built from revision 4f1c9a → 77aa01"},
		{"baseline", "# day", "\n    baseline: rel-1.0", "other neutral release rel-1: baseline + rel-1.0"},
		{"another", "  # more releases\n", "  rel-2: {title: Release 2, version: \"2\"}\n", "proof neutral release rel-2: added (Release 2): version 2, 0 artefacts"},
	})
}

func TestSigners(t *testing.T) {
	told(t, signed(t), []telling{
		{"added", "  # more signers\n", "  sg-root: {title: Root, type: root, keys: [{public: KEY-R}]}\n", "proof neutral signer sg-root: added (Root): root with 1 key"},
		{"role more", "roles: [tester, attacker]", "roles: [tester, attacker, reviewer]", "proof neutral signer sg-lab: signs now also as reviewer"},
		{"role less", "roles: [tester, attacker]", "roles: [tester]", "proof worse signer sg-lab: no longer signs as attacker: what it signed as such does not count any more"},
		{"made root", "type: machine", "type: root", "proof worse signer sg-build: machine → root [it can approve the roster now]"},
		{"compromised", "until: 2027-12-31} # lab", "until: 2027-12-31, revoked: 2026-05-01, reason: compromised}",
			"proof worse signer sg-lab: key 1 withdrawn on 2026-05-01 (compromised) [what it signed counts only with a time stamp from before]"},
		{"superseded", "until: 2027-12-31} # lab", "until: 2027-12-31, revoked: 2026-05-01, reason: superseded}",
			"proof neutral signer sg-lab: key 1 withdrawn on 2026-05-01 (superseded) [what it signed before stands]"},
		{"withdrawn without reason", "until: 2027-12-31} # lab", "until: 2027-12-31, revoked: 2026-05-01}", "proof worse signer sg-lab: key 1 withdrawn on 2026-05-01 (not stated) [what it signed counts only with a time stamp from before]"},
		{"no longer withdrawn", ", revoked: 2026-03-01, reason: compromised", "", "proof worse signer sg-build: key 1 is no longer withdrawn; it was, on 2026-03-01 (compromised)"},
		{"withdrawn later", "revoked: 2026-03-01", "revoked: 2026-04-01", "proof worse signer sg-build: key 1: withdrawn on 2026-03-01 (compromised) → 2026-04-01 (compromised)"},
		{"withdrawn earlier", "revoked: 2026-03-01", "revoked: 2026-02-01", "proof neutral signer sg-build: key 1: withdrawn on 2026-03-01 (compromised) → 2026-02-01 (compromised)"},
		{"not so bad", "reason: compromised", "reason: retired", "proof worse signer sg-build: key 1: withdrawn on 2026-03-01 (compromised) → 2026-03-01 (retired)"},
		{"longer", "until: 2027-12-31", "until: 2028-12-31", "proof neutral signer sg-lab: key 1: signs from 2026-01-01 until 2027-12-31 → signs from 2026-01-01 until 2028-12-31"},
		{"another key", "# second", "\n      - {public: KEY-D, from: 2026-06-01}", "proof neutral signer sg-build: key 3 added [signs from 2026-06-01]"},
		{"key exchanged", "KEY-C", "KEY-D", "proof neutral signer sg-build: key 2 added\nproof worse signer sg-build: key 2 of before is gone: nothing that was signed with it counts any more"},
		{"first key gone", "      - {public: KEY-B, revoked: 2026-03-01, reason: compromised} # build\n", "", "proof worse signer sg-build: key 1 of before is gone"},
		{"demonstration", "class: IIb}", "class: IIb, demonstration: true}", "product worse product: said to be a demonstration: demonstration keys count"},
		{"retitled", "title: Build system", "title: Builder", "other neutral signer sg-build: title Build system → Builder"},
	})
}

func TestSigningPolicy(t *testing.T) {
	told(t, signed(t), []telling{
		{"role more", "roles: [tester]} # tests", "roles: [tester, developer]}", "product worse policy: evidence, test-result, fuzzing: may be signed now also as developer\nsignificance annex-ix-system policy"},
		{"role less", "roles: [quality, regulatory]}", "roles: [regulatory]}", "product better policy: releases may no longer be released as quality"},
		{"role exchanged", "roles: [tester]} # tests", "roles: [developer]}", "product worse policy: evidence, test-result, fuzzing: may be signed now also as developer\nproduct better policy: evidence, test-result, fuzzing: may no longer be signed as tester"},
		{"second line of a kind", "    signers:\n      - {", "    signers:\n      - {kinds: [test-result], roles: [developer]}\n      - {",
			"product worse policy: evidence, test-result: may be signed now also as developer\nproduct better policy: evidence, test-result: may no longer be signed as tester"},
		{"kind less", "kinds: [test-result, fuzzing]", "kinds: [test-result]", "product worse policy: evidence, fuzzing: nobody may sign it any more, so that none counts"},
		{"kind more", "kinds: [test-result, fuzzing]", "kinds: [test-result, sbom, fuzzing]", "product neutral policy: evidence, sbom: may be signed now as tester"},
		{"independence less", "independence: external", "independence: same-team", "product worse policy: evidence, penetration-test: independence asked of attacker external → same-team"},
		{"independence none", ", independence: external", "", "product worse policy: evidence, penetration-test: independence asked of attacker external → none"},
		{"independence of the author", "roles: [tester]} # tests", "roles: [tester], independence: author}", "other neutral policy: evidence.signers.0.independence + author"},
		{"independence more", "roles: [tester]} # tests", "roles: [tester], independence: other-team}", "product better policy: evidence, test-result, fuzzing: independence asked of tester none → other-team"},
		{"older", "max-age: 1 year", "max-age: 2 years", "product worse policy: oldest evidence that counts 1 year → 2 years"},
		{"younger", "max-age: 1 year", "max-age: 6 months", "product better policy: oldest evidence that counts 1 year → 6 months"},
		{"no limit", "    max-age: 1 year\n", "", "product worse policy: oldest evidence that counts 1 year → not stated"},
		{"time stamps", "time-stamps: true", "time-stamps: false", "product worse policy: time stamp asked of each signature true → false"},
		{"approval gone", "    - {of: documents, meaning: approved, roles: [quality]} # documents\n", "", "product worse policy: documents no longer need to be approved as quality"},
		{"second approval", "# documents", "\n    - {of: documents, meaning: approved, roles: [regulatory]}", "product better policy: documents need to be approved now, as regulatory"},
		{"approval by more", "roles: [quality]} # documents", "roles: [quality, developer]}", "product worse policy: documents may now also be approved as developer"},
	})
}

func TestDeviations(t *testing.T) {
	told(t, signed(t), []telling{
		{"added", "# peak", "\n      - {failure: load/idle, risk: rk-late, reason: Nobody waits.}",
			"proof worse verification vf-answer: lets failure load/idle stand, covered by risk rk-late [because: Nobody waits.] [rk-late is not judged]"},
		{"gone", "    deviations:\n      - {failure: load/peak, risk: rk-slow, reason: The peak is over after 3 seconds.} # peak\n", "",
			"proof better verification vf-answer: failure load/peak may no longer stand [was covered by rk-slow]"},
		{"other risk", "risk: rk-slow", "risk: rk-late", "proof neutral verification vf-answer: failure load/peak is covered by risk rk-late instead of rk-slow"},
		{"other reason", "after 3 seconds", "after 5 seconds", "proof neutral verification vf-answer: why failure load/peak may stand: … is over after 3 seconds. → … is over after 5 seconds."},
		{"text of the requirement", "within 1 second", "within 3 seconds", "verification neutral verification vf-answer: evidence is of the former state; since rq-answer changed"},
	})
	text := signed(t)
	more := text + "  vf-new:\n    title: New\n    method: review\n    deviations:\n      - {failure: a/b, risk: rk-late}\n"
	if got := lines(Compare(view(t, text), view(t, more))); !strings.Contains(got, "proof worse verification vf-new: lets failure a/b stand, covered by risk rk-late") {
		t.Errorf("a deviation of a new verification is not told:\n%s", got)
	}
}

// TestProofRemoved: what goes takes with it what it signed or what spoke of it.
func TestProofRemoved(t *testing.T) {
	text := signed(t)
	more := edited(t, edited(t, text, "  # more signers\n", "  sg-new: {title: New, type: person, roles: [tester], keys: [{public: KEY-N}]}\n"),
		"  # more releases\n", "  rel-2: {title: Release 2, version: \"2\", artefacts: [{path: a.bin, digest: \"sha256:dd\"}]}\n")
	got := lines(Compare(view(t, more), view(t, text)))
	for _, want := range []string{
		"proof worse signer sg-new: removed (New): nothing that it signed counts any more [signs as tester]",
		"proof worse release rel-2: removed (Release 2): version 2, 1 artefact [evidence of it speaks of no release any more]",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not said: %s\nsaid:\n%s", want, got)
		}
	}
}

// TestProofSaidOnce: what an interpretation tells is not told again among other
// changes.
func TestProofSaidOnce(t *testing.T) {
	text := signed(t)
	for _, edit := range [][2]string{
		{"sha256:aa", "sha256:ab"}, {"sha256:cc", "sha256:cd"}, {"frozen: 2026-02-01", "frozen: 2026-02-05"}, {"commit: 4f1c9a", "commit: 77aa01"},
		{"KEY-C", "KEY-D"}, {"until: 2027-12-31", "until: 2028-12-31"}, {"reason: compromised", "reason: retired"}, {"roles: [tester, attacker]", "roles: [tester]"},
		{"max-age: 1 year", "max-age: 2 years"}, {"independence: external", "independence: same-team"}, {"roles: [quality, regulatory]}", "roles: [regulatory]}"},
		{"time-stamps: true", "time-stamps: false"}, {"risk: rk-slow", "risk: rk-late"}, {"after 3 seconds", "after 5 seconds"},
	} {
		if got := lines(Compare(view(t, text), view(t, edited(t, text, edit[0], edit[1])))); strings.Contains("\n"+got, "\nother ") {
			t.Errorf("%s: said again:\n%s", edit[1], got)
		}
	}
}
