package accept

import (
	"context"
	"errors"
	"io"
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

func hangUp(net.Conn) error { return io.EOF }

func TestServeGoesOnWhereTheSystemCannotAcceptForNow(t *testing.T) {
	listener := listenerWith(syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED)
	ctx, end := context.WithCancel(context.Background())
	go func() {
		<-listener.accepted
		end()
	}()
	if err := Serve(ctx, listener, hangUp); err != nil {
		t.Fatal(err)
	}
	if len(listener.failures) > 0 {
		t.Fatal("it ended before")
	}
}

func TestServeReturnsAnyOtherFailure(t *testing.T) {
	listener := listenerWith(syscall.EMFILE, syscall.EINVAL)
	if err := Serve(context.Background(), listener, hangUp); !errors.Is(err, syscall.EINVAL) {
		t.Fatal(err)
	}
}
