// mongo-stand-in speaks MongoDB's protocol where no MongoDB can be had: FerretDB over SQLite files,
// behind a lock that makes single-document writes atomic, as MongoDB's are.
//
//	mongo-stand-in 127.0.0.1:27017 file:DIR/
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: mongo-stand-in HOST:PORT file:DIR/")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "mongo-stand-in:", err)
		os.Exit(1)
	}
}

// serve runs until SIGTERM or SIGINT: first the clients' connections end, then the database closes. It returns an error where
// it cannot go on before that.
func serve(address, sqliteURL string) error {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()

	// An embedded FerretDB has neither a telemetry reporter nor a debug listener: nothing leaves the machine.
	database, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: sqliteURL,
	})
	if err != nil {
		return err
	}
	inner, err := url.Parse(database.MongoDBURI())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}

	running, closeDatabase := context.WithCancel(context.Background())
	closed := make(chan error, 1)
	serving, endServing := context.WithCancel(stop)
	go func() {
		closed <- database.Run(running)
		endServing() // without its database the proxy is of no use
	}()

	proxy := &lockingProxy{database: inner.Host}
	err = proxy.serve(serving, listener)
	closeDatabase()
	err = errors.Join(err, <-closed)
	if err == nil && stop.Err() == nil {
		return errors.New("the database ended by itself")
	}
	return err
}
