package generate

import (
	"fmt"
	"strings"
	"time"

	"casegraph/ingest"
)

// person is somebody, with what identifies them. A number is given to one
// person alone, so no two meet by accident: who shares something does so by
// design.
type person struct {
	number    int
	name      string
	birthdate string
	email     string
	phone     string
	document  string
	device    string
	address   string
}

func (g Graph) person(number int, surname string) person {
	// Every number has a first name and birthday of its own: the step has no
	// factor in common with their product.
	const birthdays = 21_900 // from 1945 on
	mixed := (number*611_953 + int(g.Seed%1_000_003)) % (len(firstNames) * birthdays)
	first := firstNames[mixed/birthdays]
	born := time.Date(1945, 1, 1+mixed%birthdays, 0, 0, 0, 0, time.UTC)
	return person{
		number:    number,
		name:      first + " " + surname,
		birthdate: born.Format(time.DateOnly),
		email:     fmt.Sprintf("%s.%s.%d@%s", strings.ToLower(first), strings.ToLower(surname), number, mailDomains[number%len(mailDomains)]),
		phone:     phone(ownPhones, number),
		document:  fmt.Sprintf("P%08d", (number*7_654_321+int(g.Seed%1_000_003))%100_000_000),
		device:    g.device(number),
		address:   address(number),
	}
}

// The ranges of telephone numbers. The area 555 is nobody's.
const (
	ownPhones    = 2_000_000
	familyPhones = 4_000_000
	newPhones    = 7_000_000
)

func phone(within, number int) string { return fmt.Sprintf("+1555%07d", within+number) }

// device is the main device of a number's owner.
func (g Graph) device(number int) string {
	return fmt.Sprintf("%016x", g.dice(ofDevice, number).Uint64())
}

func address(number int) string {
	house, number := number%150+1, number/150
	street, number := streets[number%len(streets)], number/len(streets)
	way, number := ways[number%len(ways)], number/len(ways)
	return fmt.Sprintf("%d %s %s, %s", house, street, way, towns[number%len(towns)])
}

func bankAccount(number int) string {
	return fmt.Sprintf("20-00-%02d %08d", number%100, (number*7_919_017+55_501)%100_000_000)
}

// written is a value as one of its owners may write it: many ways, one
// identifier.
func written(d dice, s ingest.Sight) ingest.Sight {
	switch {
	case s.Kind == "phone" && len(s.Value) == 12 && d.chance(50):
		s.Value = s.Value[:2] + " " + s.Value[2:5] + " " + s.Value[5:8] + " " + s.Value[8:]
	case s.Kind == "email" && d.chance(20):
		s.Value = strings.ToUpper(s.Value[:1]) + s.Value[1:]
	case s.Kind == "address" && d.chance(20):
		s.Value = strings.ToUpper(s.Value)
	}
	return s
}

var mailDomains = []string{"mail.internal", "post.internal", "webmail.internal", "inbox.internal"}

var firstNames = strings.Fields(`Ada Adil Agnes Aisha Alan Alma Amir Anders Anouk Arun Beata Bela Bruno Carla Cedric Chidi
	Clara Dana Dario David Dilan Edith Elif Emil Erin Esther Farid Felix Femi Freya Gita Grace Hanna Hugo Ida Imran Ines
	Ivo Jana Joel Jun Kamal Karin Kofi Lars Leila Lena Luca Magda Malik Mara Marek Mina Nadia Nils Noor Olga Omar Pavel Rosa`)

var surnames = strings.Fields(`Abara Adler Akande Almeida Amin Baker Banerjee Berg Bianchi Blom Borg Carter Castro Cermak
	Chen Costa Dahl Demir Diallo Dvorak Ekström Faber Farah Fischer Flores Fontaine Garcia Greco Haddad Hansen Hoang Horvat
	Ibrahim Ivanov Jansen Kaya Keller Khan Kim Kovac Kumar Lang Larsen Lopez Mensah Meyer Moreau Nagy Nowak Oduya Okoro
	Olsen Park Patel Petrov Reyes Rossi Sato Silva Smit Soares Tanaka Toth Weber`)

var streets = strings.Fields(`Acorn Alder Barley Beacon Birch Bridge Cedar Chapel Clover Copper Elm Fern Harbour Hazel
	Heron Ivy Juniper Lark Maple Mill Orchard Otter Poplar Quarry Rowan Saffron Station Swan Thistle Willow`)

var ways = []string{"Street", "Road", "Lane", "Avenue", "Close"}

var towns = strings.Fields(`Aldmouth Ashwick Bramford Brightsea Calder Coldwell Dunmere Eastholm Fairhaven Glenport
	Harrowby Ironbridge Kingsmoor Larkfield Millbrook Northwold Oakhampton Penrose Redcliff Saltburn Stonegate Thornbury
	Westmere Whitby Wyndham`)
