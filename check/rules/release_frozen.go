package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"theriac/approval"
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7414", Severity: diag.Open,
	Title:   "nothing that evidence could speak of",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i1"},
	Why:     "evidence is about a release, which it knows by the digests of what is shipped; without a release and its artefacts none can count",
	Fix:     "freeze the release: theriac release create VERSION --artefact FILE",
	Bad:     markedAt(strings.Replace(proven, "    artefacts:\n      - path: ui-1.0.0.img\n        digest: "+digestOf123+"\n", "", 1), "  rel-1:", "T7414"),
	Good:    proven,
	Run: func(p *check.Pass) {
		switch r := p.Judged().Release; {
		case !p.Proven() && p.Gate && r != nil:
			p.Report(r, "", "nothing is shown for release %s: the file lists no signers, so what it says of results is only typed", r.Version).
				Fix("list who signs under `signers:` (theriac keys new), and add signed evidence (theriac evidence add)")
		case !p.Proven():
		case r == nil:
			p.Report(p.File.Product, "", "signers are listed, and there is no release of which evidence could speak")
		case len(r.Artefacts) == 0:
			p.ReportAbsent(r, []string{"artefacts"}, "release %s lists no artefacts, so no evidence can speak of it", r.Version)
		}
	},
})

var digestForm = lazyregexp.New(`^sha256:[0-9a-f]{64}$`)

var _ = add(check.Rule{
	Code: "T7415", Severity: diag.Error,
	Title:   "artefact with a malformed digest",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "a digest in another form, or cut off, fits no file, and no evidence can speak of the artefact",
	Fix:     "write `sha256:` and 64 hexadecimal digits in lower case, as `sha256sum` prints them",
	Bad:     strings.Replace(proven, digestOf123, "sha256:a665a459 # want T7415", 1),
	Good:    proven,
	Run: func(p *check.Pass) {
		eachArtefact(p, func(r *model.Release, field string, a model.Artefact) {
			if a.Digest != "" && !digestForm.MatchString(a.Digest) {
				p.Report(r, field+".digest", "digest of %s is not sha256: and 64 hexadecimal digits in lower case", a.Path)
			}
		})
	},
})

var _ = add(check.Rule{
	Code: "T7416", Severity: diag.Error,
	Title:   "release that is not what it was when it was frozen",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i1"},
	Why:     "a release is a promise about bytes; an artefact in the folder that has changed since is not what was tested, and without its baseline nobody can tell what was approved",
	Fix:     "restore the file from version control, or make a new release: released versions never change",
	Bad:     proven + "-- ui-1.0.0.img --\n1234 # want T7416\n",
	Good:    strings.Replace(proven, digestOf123, "sha256:181210f8f9c779c26da1d9b2075bde0127302ee0e3fca38c9a83f5b1dd8e5d3b", 1) + "-- ui-1.0.0.img --\n123",
	Run: func(p *check.Pass) {
		files := p.Proof().Files
		if files == nil {
			return
		}
		eachArtefact(p, func(r *model.Release, field string, a model.Artefact) {
			changedFile(p, files, r, field, a)
		})
		for _, r := range p.File.Releases {
			name := approval.BaselineFile(r.Baseline)
			if _, err := fs.Stat(files, name); r.Baseline != "" && err != nil {
				p.Report(r, "baseline", "baseline %q of release %s is not there (%s)", r.Baseline, r.Version, name)
			}
		}
	},
})

// eachArtefact visits what releases consist of, with the field in which it stands.
func eachArtefact(p *check.Pass, visit func(r *model.Release, field string, a model.Artefact)) {
	for _, r := range p.File.Releases {
		for i, a := range r.Artefacts {
			visit(r, fmt.Sprintf("artefacts.%d", i), a)
		}
		if r.SBOM != (model.Artefact{}) {
			visit(r, "sbom", r.SBOM)
		}
	}
}

// changedFile compares an artefact that lies in the folder with its digest. Most
// artefacts are kept elsewhere.
func changedFile(p *check.Pass, files fs.FS, r *model.Release, field string, a model.Artefact) {
	if !fs.ValidPath(a.Path) || !digestForm.MatchString(a.Digest) {
		return
	}
	digest, err := fileDigest(files, a.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.Report(r, field+".path", "%s of release %s cannot be read: %s", a.Path, r.Version, err)
	case digest != a.Digest:
		p.ReportFile(a.Path, r.ID, "%s is not the file that release %s froze: its digest is %s", a.Path, r.Version, digest).
			Relate(r, field+".digest", "digest of the release")
	}
}

func fileDigest(files fs.FS, name string) (string, error) {
	info, err := fs.Stat(files, name)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", name) // to open a pipe would wait for a writer
	}
	if err != nil {
		return "", err
	}
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}
