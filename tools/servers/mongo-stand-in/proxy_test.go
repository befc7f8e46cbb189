package main

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
)

// listenerOf fails with the given errors, one after the other, and then waits for its end.
type listenerOf struct {
	failures []error
	accepted chan struct{} // closed when all failures were given
	ended    chan struct{}
}

func (l *listenerOf) Accept() (net.Conn, error) {
	if len(l.failures) == 0 {
		close(l.accepted)
		<-l.ended
		return nil, net.ErrClosed
	}
	failure := l.failures[0]
	l.failures = l.failures[1:]
	return nil, &net.OpError{Op: "accept", Err: failure}
}

func (l *listenerOf) Close() error {
	close(l.ended)
	return nil
}

func (l *listenerOf) Addr() net.Addr { return nil }

func listenerWith(failures ...error) *listenerOf {
	return &listenerOf{failures, make(chan struct{}), make(chan struct{})}
}

func TestServeGoesOnWhereTheSystemCannotAcceptForNow(t *testing.T) {
	listener := listenerWith(syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED)
	ctx, end := context.WithCancel(context.Background())
	go func() {
		<-listener.accepted
		end()
	}()
	if err := new(lockingProxy).serve(ctx, listener); err != nil {
		t.Fatal(err)
	}
	if len(listener.failures) > 0 {
		t.Fatal("it ended before")
	}
}

func TestServeReturnsAnyOtherFailure(t *testing.T) {
	listener := listenerWith(syscall.EMFILE, syscall.EINVAL)
	if err := new(lockingProxy).serve(context.Background(), listener); !errors.Is(err, syscall.EINVAL) {
		t.Fatal(err)
	}
}

func TestIsHangUp(t *testing.T) {
	for operation, want := range map[string]bool{"read": true, "write": true, "dial": false} {
		if got := isHangUp(&net.OpError{Op: operation, Err: syscall.EMFILE}); got != want {
			t.Fatal(operation, got)
		}
	}
}
