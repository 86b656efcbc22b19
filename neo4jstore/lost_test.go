package neo4jstore_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/testservers"
)

// commitMessage asks for a commit in Neo4j's protocol: a chunk of two bytes.
var commitMessage = []byte{0, 2, 0xB0, 0x12, 0, 0}

// proxy passes connections on to a server. While losing is set, it breaks a
// connection that asks for a commit: before the server hears of it, or after
// the server has done it and before the client hears of that.
type proxy struct {
	net.Listener
	server string
	losing atomic.Pointer[string]
}

const (
	loseQuestion = "question"
	loseAnswer   = "answer"
)

func newProxy(t *testing.T, uri string) *proxy {
	_, server, _ := strings.Cut(uri, "://")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	p := &proxy{Listener: listener, server: server}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.pass(client)
		}
	}()
	return p
}

func (p *proxy) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	var answers atomic.Pointer[net.Conn]
	answers.Store(&client)
	answered := make(chan struct{}, 64)
	go func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil {
				return
			}
			if to := answers.Load(); to != nil {
				(*to).Write(buffer[:n])
			} else {
				answered <- struct{}{}
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.HasSuffix(buffer[:n], commitMessage) {
			switch losing := p.losing.Swap(nil); {
			case losing != nil && *losing == loseQuestion:
				return
			case losing != nil:
				answers.Store(nil)
				server.Write(buffer[:n])
				<-answered
				return
			}
		}
		if _, err := io.Copy(server, bytes.NewReader(buffer[:n])); err != nil {
			return
		}
	}
}

// When a connection breaks while a transaction is committed, the store finds
// out what became of it: it is written once or not at all, and said to be so.
func TestACommitWhoseAnswerIsLost(t *testing.T) {
	server := testservers.Neo4j(t)
	p := newProxy(t, server.URI)
	server.URI = "bolt://" + p.Addr().String()
	s := connect(t, server)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := commit.New(s, nil)
	defer c.Close()
	tell := func(id casegraph.ID) error {
		_, err := c.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(*commit.View) (*commit.Writes, error) {
			a := &casegraph.Account{}
			a.ID = id
			return &commit.Writes{Nodes: []casegraph.Node{a}, Events: []commit.Event{{Name: "account.created", Subject: id}}}, nil
		}})
		return err
	}
	for _, step := range []struct {
		id    casegraph.ID
		lose  string
		code  casegraph.Code
		count int
	}{
		{"act_first", "", "", 1},
		{"act_done", loseAnswer, "", 2},
		{"act_undone", loseQuestion, casegraph.CodeUnavailable, 2},
		{"act_last", "", "", 3},
	} {
		if step.lose != "" {
			p.losing.Store(&step.lose)
		}
		err := tell(step.id)
		if (err == nil) != (step.code == "") || (err != nil && casegraph.CodeOf(err) != step.code) {
			t.Errorf("%s: got %v; want code %q", step.id, err, step.code)
		}
		if events, last, err := s.Events(t.Context(), 0, 10); err != nil || len(events) != step.count || int(last) != step.count {
			t.Errorf("after %s: %d events, last %d (%v); want %d", step.id, len(events), last, err, step.count)
		}
	}
}
