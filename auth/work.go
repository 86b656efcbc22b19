package auth

import (
	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// SetAvailabilityInput says until when somebody is away.
type SetAvailabilityInput struct {
	UserID          casegraph.ID   // "" is whoever asks
	AwayUntil       casegraph.Time // ahead, by at most cases.MaxAway days; 0 is here
	ExpectedVersion *int64         // nil is any
}

// SetAvailability keeps policies from giving somebody cases for a while, or
// ends that. Everybody says it of themselves, administrators of all. It answers
// UserAnswer; the event is user.availability-changed.
func SetAvailability(by cases.Asker, in SetAvailabilityInput) (commit.Change, error) {
	if in.UserID == "" {
		in.UserID = by.ID
	}
	needed := casegraph.RoleAdmin
	if in.UserID == by.ID {
		needed = casegraph.RoleViewer
	}
	if err := by.Require(needed); err != nil {
		return commit.Change{}, err
	}
	return changeWork(by, in.UserID, in.ExpectedVersion, "user.availability-changed", func(v *commit.View, user *casegraph.User) error {
		const day = 24 * 60 * 60 * 1000
		if in.AwayUntil != 0 && (in.AwayUntil <= v.Now || in.AwayUntil > v.Now+cases.MaxAway*day) {
			return casegraph.BadInput("awayUntil: ahead, by at most %d days", cases.MaxAway)
		}
		user.AwayUntil = in.AwayUntil
		return nil
	})
}

// SetWorkInput says how much somebody works on, and what they can do.
type SetWorkInput struct {
	UserID          casegraph.ID
	Capacity        *int64   // open cases at most, 0 to cases.MaxCapacity; nil is any number
	Skills          []string // at most cases.MaxSkills, in lower-kebab
	ExpectedVersion *int64   // nil is any
}

// SetWork says how many open cases policies may give somebody, and which skills
// they have; administrators alone do. It answers UserAnswer; the event is
// user.work-changed.
func SetWork(by cases.Asker, in SetWorkInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if in.Capacity != nil && (*in.Capacity < 0 || *in.Capacity > cases.MaxCapacity) {
		return commit.Change{}, casegraph.BadInput("capacity: 0 to %d", cases.MaxCapacity)
	}
	skills, err := cases.CheckSkills("skills", in.Skills)
	if err != nil {
		return commit.Change{}, err
	}
	return changeWork(by, in.UserID, in.ExpectedVersion, "user.work-changed", func(_ *commit.View, user *casegraph.User) error {
		user.Capacity, user.Skills = in.Capacity, skills
		return nil
	})
}

func changeWork(by cases.Asker, id casegraph.ID, expected *int64, event string, change func(*commit.View, *casegraph.User) error) (commit.Change, error) {
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		user, ok := v.Node(id).(*casegraph.User)
		if !ok {
			return nil, casegraph.NoSuch("userId", "user", id)
		}
		if err := cases.AtVersion(user, expected); err != nil {
			return nil, err
		}
		if err := change(v, user); err != nil {
			return nil, err
		}
		return &commit.Writes{Nodes: []casegraph.Node{user}, Events: []commit.Event{{Name: event, Subject: id}}, Answer: cases.Encode(UserAnswer{UserID: id})}, nil
	}}, nil
}
