package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A starter starts a server with its data under the given folder and returns
// once it answers.
type starter func(ctx context.Context, data string) (server, error)

type server struct {
	name      string
	variables []string // NAME=value, for the command
	stop      func()
}

// A process is a child in a process group of its own, so that a signal reaches
// its children too and a Ctrl-C in the terminal reaches it only through us.
type process struct {
	command *exec.Cmd
	ended   chan struct{} // closed when it has ended
}

// startProcess writes what the process prints to the file logPath.
func startProcess(logPath string, env []string, name string, args ...string) (*process, error) {
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(name, args...)
	command.Dir = filepath.Dir(logPath)
	command.Env = append(os.Environ(), env...)
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = ownGroup()
	if err := command.Start(); err != nil {
		return nil, err
	}
	child := &process{command: command, ended: make(chan struct{})}
	go func() {
		_ = command.Wait() // ProcessState tells how it ended
		close(child.ended)
	}()
	return child, nil
}

// stop asks the group to end and makes it when the grace is over or somebody
// interrupts us. It tells whether the process ended by itself.
func (p *process) stop(ctx context.Context, grace time.Duration) bool {
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGTERM)
	inTime := true
	select {
	case <-p.ended:
	case <-ctx.Done():
		inTime = false
	case <-time.After(grace):
		inTime = false
	}
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	<-p.ended
	return inTime
}

// waitUntil asks the process again and again until it answers.
func (p *process) waitUntil(ctx context.Context, answers func(context.Context) error) error {
	deadline, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		err := answers(deadline)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("ended before it answered: %s", p.command.ProcessState)
		case <-deadline.Done():
			return errors.Join(deadline.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// runCommand runs the command in dir with the variables added to ours, passes
// an interruption on to its whole group, and returns its exit code.
func runCommand(ctx context.Context, dir string, command, variables []string) (int, error) {
	child := exec.Command(command[0], command[1:]...)
	child.Dir = dir
	child.Env = append(os.Environ(), variables...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = ownGroup()
	if err := child.Start(); err != nil {
		return 127, err
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			_ = syscall.Kill(-child.Process.Pid, syscall.SIGTERM)
		case <-ended:
		}
	}()
	err := child.Wait()
	close(ended)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 1, err
	}
	status := child.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return status.ExitStatus(), nil
}

// freePort asks the system for a port that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// tail is the end of a log, for a message about what went wrong.
func tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}
