package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"theriac/vuln"
	"theriac/vuln/match"
)

// gitQuestion bounds how long git may think about one question.
const gitQuestion = 30 * time.Second

// clonesOf reads REPOSITORY=DIR and makes of it somebody who knows histories; nil where
// nothing is named.
func clonesOf(ctx context.Context, flags []string) (match.Ancestor, error) {
	if len(flags) == 0 {
		return nil, nil
	}
	folders := map[string]string{}
	for _, flag := range flags {
		address, dir, ok := strings.Cut(flag, "=")
		name := vuln.Repository(address)
		if !ok || name == "" || dir == "" {
			return nil, fmt.Errorf("--clone: %q is not REPOSITORY=DIR, for example github.com/wolfssl/wolfssl=src/wolfssl", flag)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--clone: %s is no folder", dir)
		}
		folders[name] = dir
	}
	return func(repository, ancestor, commit string) (bool, error) {
		dir, ok := folders[repository]
		if !ok {
			return false, errors.New("no clone of it was named")
		}
		if !isHexCommit(ancestor) || !isHexCommit(commit) {
			return false, errors.New("it is asked about what is no commit")
		}
		return gitIsAncestor(ctx, dir, ancestor, commit)
	}, nil
}

func isHexCommit(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// gitIsAncestor asks git about two commits of a clone. Nothing that the clone configures
// is run, and nothing is fetched.
func gitIsAncestor(ctx context.Context, dir, ancestor, commit string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, gitQuestion)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "--no-pager", "--no-replace-objects", "-c", "core.hooksPath="+os.DevNull, "-c", "core.fsmonitor=false",
		"-c", "protocol.allow=never", "merge-base", "--is-ancestor", ancestor, commit)
	cmd.Dir, cmd.WaitDelay = dir, 5*time.Second
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	err := cmd.Run()
	exit, ran := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	case ran && exit.ExitCode() == 1:
		return false, nil
	case ran:
		return false, errors.New("the clone does not have both commits")
	}
	return false, errors.New("git cannot be run")
}
