package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// startRedis starts a Redis that keeps nothing on disk.
func startRedis(port int) starter {
	return func(ctx context.Context, data string) (server, error) {
		if port == 0 {
			free, err := freePort()
			if err != nil {
				return server{}, err
			}
			port = free
		}
		home := filepath.Join(data, "redis")
		if err := os.Mkdir(home, 0o700); err != nil {
			return server{}, err
		}
		log := filepath.Join(home, "redis.log")
		child, err := startProcess(log, nil, "redis-server",
			"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--save", "", "--appendonly", "no")
		if err != nil {
			return server{}, err
		}
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		ping := func(ctx context.Context) error { return pingRedis(ctx, address) }
		if err := child.waitUntil(ctx, ping); err != nil {
			child.stop(ctx, 0)
			return server{}, fmt.Errorf("redis: %w\n%s", err, tail(log))
		}
		return server{
			name:      "redis",
			variables: []string{"CASEGRAPH_TEST_REDIS_URL=redis://" + address},
			stop:      func() { child.stop(ctx, 0) },
		}, nil
	}
}

func pingRedis(ctx context.Context, address string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprint(conn, "PING\r\n"); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && answer != "+PONG\r\n" {
		err = fmt.Errorf("answered %q to PING", answer)
	}
	return err
}
