package main

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

// lockingProxy stands between clients and FerretDB and lets one write command through at a time, over
// all connections. FerretDB 1.24 reads a document, changes it and stores it without a lock of its own,
// so that of 500 parallel `$inc` only some are left. Reads pass freely.
//
// `{fsync: 1, lock: true}` makes all writes wait, as with MongoDB, until `{fsyncUnlock: 1}` comes over any
// connection, or the connection that asked for it ends.
type lockingProxy struct {
	database string // FerretDB's own address
	writing  sync.Mutex

	holding sync.Mutex // guards holder
	holder  net.Conn   // the client whose fsync holds `writing`
}

// Waits between attempts to accept while that fails.
const (
	firstWait   = 5 * time.Millisecond
	longestWait = time.Second
)

// serve accepts clients until ctx ends, then lets every command in hand finish and closes the connections. It goes on where
// the system cannot accept for now, such as without a free file descriptor. Any other failure to accept is returned.
func (p *lockingProxy) serve(ctx context.Context, listener net.Listener) error {
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
			if err := p.relay(client); err != nil && !isHangUp(err) {
				slog.Error("connection ended", "client", client.RemoteAddr().String(), "error", err)
			}
		}()
	}
}

// relay carries one client's messages in their order. FerretDB works through a connection one message at
// a time too, so waiting for each reply takes nothing from it, and a client that reads slowly or hangs up
// never holds the lock: the whole reply is here before the lock is released and the client is written to.
func (p *lockingProxy) relay(client net.Conn) error {
	database, err := net.Dial("tcp", p.database)
	if err != nil {
		return err
	}
	defer database.Close()
	defer p.unlock(func() bool { return p.holder == client })
	for {
		request, err := readMessage(client)
		if err != nil {
			return err
		}
		reply, err := p.ask(client, database, request)
		if err != nil {
			return err
		}
		// FerretDB answers unacknowledged commands as well, which a driver would take for the next reply.
		if request.moreToCome() {
			continue
		}
		if _, err := client.Write(reply); err != nil {
			return err
		}
	}
}

func (p *lockingProxy) ask(client, database net.Conn, request message) (message, error) {
	command := request.command()
	switch {
	case request.asksForLock():
		p.lock(client)
		return request.succeeded("writes wait until fsyncUnlock"), nil
	case command == "fsyncUnlock":
		if !p.unlock(func() bool { return p.holder != nil }) {
			return request.refused("fsyncUnlock called when not locked"), nil
		}
		return request.succeeded("fsyncUnlock completed"), nil
	case isWrite(command):
		p.writing.Lock()
		defer p.writing.Unlock()
	}
	if _, err := database.Write(request); err != nil {
		return nil, err
	}
	return readMessage(database)
}

// lock waits for the write in hand and for whoever holds the lock already. A client that hangs up meanwhile
// gives it back as soon as its connection is seen to have ended.
func (p *lockingProxy) lock(client net.Conn) {
	p.writing.Lock()
	p.holding.Lock()
	defer p.holding.Unlock()
	p.holder = client
}

// unlock says whether it let the writes go on.
func (p *lockingProxy) unlock(may func() bool) bool {
	p.holding.Lock()
	defer p.holding.Unlock()
	if !may() {
		return false
	}
	p.holder = nil
	p.writing.Unlock()
	return true
}

func isWrite(command string) bool {
	switch command {
	case "insert", "update", "delete", "findAndModify", "findandmodify":
		return true
	}
	return false
}

// isHangUp is false for a connection that could not be made: the client did nothing to end that.
func isHangUp(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.EOF) || errors.As(err, &network) && network.Op != "dial"
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
