// Package accept accepts connections for as long as that makes sense.
package accept

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"
)

// Waits between attempts to accept while that fails.
const (
	firstWait   = 5 * time.Millisecond
	longestWait = time.Second
)

// Serve hands each client to talk until ctx ends, then lets every command in hand finish and closes the connections. It goes on where
// the system cannot accept for now, such as without a free file descriptor. Any other failure to accept is returned.
func Serve(ctx context.Context, listener net.Listener, talk func(net.Conn) error) error {
	serving, end := context.WithCancel(ctx)
	defer context.AfterFunc(serving, func() { listener.Close() })()
	var clients sync.WaitGroup
	defer clients.Wait()
	defer end()
	var wait time.Duration
	for {
		client, err := listener.Accept()
		switch {
		case err == nil:
			wait = 0
		case ctx.Err() != nil:
			return nil
		case isTemporary(err):
			if wait == 0 {
				slog.Error("cannot accept for now", "error", err)
			}
			wait = min(max(2*wait, firstWait), longestWait)
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
			continue
		default:
			return err
		}
		clients.Add(1)
		go func() {
			defer clients.Done()
			defer client.Close()
			defer context.AfterFunc(serving, func() { client.Close() })()
			if err := talk(client); err != nil && !isHangUp(err) {
				slog.Error("connection ended", "client", client.RemoteAddr().String(), "error", err)
			}
		}()
	}
}

func isHangUp(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.EOF) || errors.As(err, &network)
}

// isTemporary says whether the system lacks something that it may have again later.
func isTemporary(err error) bool {
	for _, lack := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, lack) {
			return true
		}
	}
	return false
}
