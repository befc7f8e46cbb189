// mongo-stand-in speaks MongoDB's protocol where no MongoDB can be had: FerretDB's commands over documents in one folder.
//
//	mongo-stand-in 127.0.0.1:27017 DIR
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/FerretDB/FerretDB/standin"

	"sockshop/mongo-stand-in/accept"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: mongo-stand-in HOST:PORT DIR")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "mongo-stand-in:", err)
		os.Exit(1)
	}
}

// serve runs until SIGTERM or SIGINT: first the clients' connections end, then the documents are closed. It returns an error where
// it cannot go on before that.
func serve(address, dir string) error {
	debug.SetGCPercent(400) // the heap is small: 10 MiB more make a command a fifth cheaper
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()

	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	standIn, err := standin.Open(dir, address, log)
	if err != nil {
		return err
	}
	return errors.Join(accept.Serve(stop, listener, standIn.Talk), standIn.Close())
}
