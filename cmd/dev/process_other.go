//go:build !linux

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps the terminal's Ctrl-C from the child, which gets it from us.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// diesWithUs needs a parent-death signal, which only Linux has.
func diesWithUs(*exec.Cmd) {}
