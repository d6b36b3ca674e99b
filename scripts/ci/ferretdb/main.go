// Command ferretdb serves MongoDB's protocol out of SQLite files: the database of the tests where there is no mongod.
// It answers a write after SQLite has flushed it. Usage: ferretdb DIRECTORY PORT (on 127.0.0.1, until it is killed).
package main

import (
	"context"
	"log"
	"log/slog"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: ferretdb DIRECTORY PORT")
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:" + os.Args[2]},
		SQLiteURL: "file:" + os.Args[1] + "/?_pragma=synchronous(full)",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
