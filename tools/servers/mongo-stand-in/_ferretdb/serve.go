package standin

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"github.com/FerretDB/wire"
	"github.com/FerretDB/wire/wirebson"

	"github.com/FerretDB/FerretDB/build/version"
	"github.com/FerretDB/FerretDB/internal/clientconn/conninfo"
	"github.com/FerretDB/FerretDB/internal/clientconn/connmetrics"
	"github.com/FerretDB/FerretDB/internal/handler"
	"github.com/FerretDB/FerretDB/internal/handler/handlererrors"
	"github.com/FerretDB/FerretDB/internal/util/state"
)

// StandIn answers MongoDB's commands from the documents of one folder.
type StandIn struct {
	store   *store
	handler *handler.Handler

	// Commands that write hold it for reading, a client's `{fsync: 1, lock: true}` for writing.
	writing sync.RWMutex
	holding sync.Mutex // guards holder
	holder  net.Conn   // the client whose fsync holds `writing`

	// By collection: FerretDB reads a document, changes it and stores it without a lock of its own.
	turns sync.Map
}

// Open takes the folder's documents over. The address is what the stand-in says of itself.
func Open(dir, address string, log *slog.Logger) (*StandIn, error) {
	version.Get().Package = "embedded"
	wire.CheckNaNs = false // MongoDB keeps them, and looking for them costs a tenth of a command
	store, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	provider, err := state.NewProvider("") // keeps nothing
	if err != nil {
		return nil, err
	}
	// No telemetry is running. This keeps it from being announced.
	err = provider.Update(func(s *state.State) {
		s.DisableTelemetry()
		s.TelemetryLocked = true
	})
	if err != nil {
		return nil, err
	}
	s := &StandIn{store: store}
	s.handler, err = handler.New(&handler.NewOpts{
		Backend: backend{store}, TCPHost: address, L: log, StateProvider: provider,
		ConnMetrics: connmetrics.NewListenerMetrics().ConnMetrics, EnableNestedPushdown: true, BatchSize: 100,
	})
	return s, err
}

// Close is called after the last connection has ended.
func (s *StandIn) Close() error {
	s.handler.Close()
	return s.store.journal.sync()
}

// Talk answers one client's messages in their order, until its connection ends. A client that does not read or hangs up holds no lock: a command
// is finished before its answer is written.
func (s *StandIn) Talk(client net.Conn) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer s.unlock(func() bool { return s.holder == client })
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("a command failed: %v", failure)
		}
	}()
	info := conninfo.New()
	if info.Peer, err = netip.ParseAddrPort(client.RemoteAddr().String()); err != nil {
		return err
	}
	ctx = conninfo.Ctx(ctx, info)
	reader, writer := bufio.NewReader(client), bufio.NewWriter(client)
	for id := int32(1); ; id++ {
		header, body, err := wire.ReadMessage(reader)
		if err != nil {
			if errors.Is(err, wire.ErrZeroRead) {
				return io.EOF
			}
			return err
		}
		reply, code, silent, err := s.answer(ctx, client, body)
		if err != nil {
			return err
		}
		if silent {
			continue
		}
		content, err := reply.MarshalBinary()
		if err != nil {
			return err
		}
		answer := wire.MsgHeader{
			MessageLength: int32(wire.MsgHeaderLen + len(content)), RequestID: id, ResponseTo: header.RequestID, OpCode: code,
		}
		if err := wire.WriteMessage(writer, &answer, reply); err != nil {
			return err
		}
		if err := writer.Flush(); err != nil {
			return err
		}
	}
}

// answer is silent where the client wants no reply.
func (s *StandIn) answer(ctx context.Context, client net.Conn, body wire.MsgBody) (wire.MsgBody, wire.OpCode, bool, error) {
	switch request := body.(type) {
	case *wire.OpQuery: // with which drivers say hello
		reply, err := s.handler.CmdQuery(ctx, request)
		if err != nil {
			reply, err = wire.NewOpReply(handlererrors.ProtocolError(err).Document())
		}
		return reply, wire.OpCodeReply, false, err
	case *wire.OpMsg:
		reply, err := s.run(ctx, client, request)
		if err != nil {
			reply, err = wire.NewOpMsg(handlererrors.ProtocolError(err).Document())
		}
		return reply, wire.OpCodeMsg, request.Flags.FlagSet(wire.OpMsgMoreToCome), err
	}
	return nil, 0, false, fmt.Errorf("a message of the type %T", body)
}

func (s *StandIn) run(ctx context.Context, client net.Conn, request *wire.OpMsg) (*wire.OpMsg, error) {
	document, err := request.RawSection0().Decode()
	if err != nil {
		return nil, err
	}
	name := document.Command()
	switch name {
	case "fsync":
		if locks, _ := document.Get("lock").(bool); locks {
			s.lock(client)
			return wire.NewOpMsg(wirebson.MustDocument("info", "writes wait until fsyncUnlock", "ok", float64(1)))
		}
	case "fsyncUnlock":
		if !s.unlock(func() bool { return s.holder != nil }) {
			return nil, handlererrors.NewCommandErrorMsg(handlererrors.ErrIllegalOperation, "fsyncUnlock called when not locked")
		}
		return wire.NewOpMsg(wirebson.MustDocument("info", "fsyncUnlock completed", "ok", float64(1)))
	case "insert", "update", "delete", "findAndModify", "findandmodify":
		defer s.turn(document, name)()
	}
	command := s.handler.Commands()[name]
	if command == nil || command.Handler == nil {
		return nil, handlererrors.NewCommandErrorMsg(handlererrors.ErrCommandNotFound, fmt.Sprintf("no such command: '%s'", name))
	}
	reply, err := command.Handler(ctx, request)
	if err == nil && wantsDisk(document) {
		err = s.store.journal.sync()
	}
	return reply, err
}

// wantsDisk says whether a write concern asks for more than the memory of the system.
func wantsDisk(command *wirebson.Document) bool {
	raw, ok := command.Get("writeConcern").(wirebson.RawDocument)
	if !ok {
		return false
	}
	concern, err := raw.Decode()
	return err == nil && (concern.Get("j") == true || concern.Get("w") == "majority")
}

// turn waits until a collection's other writes are done. What it returns ends the turn.
func (s *StandIn) turn(command *wirebson.Document, name string) func() {
	s.writing.RLock()
	collection := [2]any{command.Get("$db"), command.Get(name)}
	if _, ok := collection[1].(string); !ok {
		return s.writing.RUnlock // the command will be refused
	}
	turn, _ := s.turns.LoadOrStore(collection, new(sync.Mutex))
	mutex := turn.(*sync.Mutex)
	mutex.Lock()
	return func() {
		mutex.Unlock()
		s.writing.RUnlock()
	}
}

// lock waits for the writes in hand and for whoever holds the lock already. A client that hangs up meanwhile
// gives it back as soon as its connection is seen to have ended.
func (s *StandIn) lock(client net.Conn) {
	s.writing.Lock()
	s.holding.Lock()
	defer s.holding.Unlock()
	s.holder = client
}

// unlock says whether it let the writes go on.
func (s *StandIn) unlock(may func() bool) bool {
	s.holding.Lock()
	defer s.holding.Unlock()
	if !may() {
		return false
	}
	s.holder = nil
	s.writing.Unlock()
	return true
}
