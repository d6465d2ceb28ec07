package field

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tenon/schema/value"
)

var (
	dateText = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?|([0-9]{2})([0-9]{2}))(?:[T ]+|$|([上下]午))`)
	dayText  = regexp.MustCompile(`^([上下]午)? ?([0-9]{1,2})(?::|时|点)([0-9]{1,2})?分?(?::?([0-9]{1,2})(?:\.([0-9]{1,9}))?秒?)?(?: ?([AaPp][Mm]))?(?: ?(Z|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2}))?$`)
)

// civil is a date and a time of day as written, with the offset if one was given.
type civil struct {
	year, month, day        int
	hour, minute, sec, nano int
	timed                   bool
	zone                    *time.Location
}

// readCivil reads the date formats people type and machines write. Orders that
// differ between countries (11/22/2026) are refused: they would be a guess.
func readCivil(typed string) (civil, bool) {
	s := fold(typed)
	if len(s) > 64 {
		return civil{}, false
	}
	m := dateText.FindStringSubmatch(s)
	if m == nil {
		return civil{}, false
	}
	c := civil{year: atoi(m[1])}
	for i := 2; i <= 10; i += 2 {
		if m[i] != "" {
			c.month, c.day = atoi(m[i]), atoi(m[i+1])
		}
	}
	rest := strings.TrimPrefix(s, m[0])
	rest = m[12] + rest
	if !realDate(c.year, c.month, c.day) {
		return civil{}, false
	}
	if rest == "" {
		return c, true
	}
	t := dayText.FindStringSubmatch(rest)
	if t == nil {
		return civil{}, false
	}
	c.timed = true
	c.hour, c.minute, c.sec = atoi(t[2]), atoi(t[3]), atoi(t[4])
	if t[5] != "" {
		c.nano = atoi((t[5] + "00000000")[:9])
	}
	if half := t[1] + strings.ToUpper(t[6]); half != "" {
		if t[1] != "" && t[6] != "" || c.hour < 1 || c.hour > 12 {
			return civil{}, false
		}
		c.hour %= 12
		if half == "下午" || half == "PM" {
			c.hour += 12
		}
	}
	if c.hour > 23 || c.minute > 59 || c.sec > 59 || t[3] == "" && strings.Contains(rest, ":") {
		return civil{}, false
	}
	if t[7] != "" {
		var ok bool
		if c.zone, ok = offset(t[7]); !ok {
			return civil{}, false
		}
	}
	return c, true
}

func offset(s string) (*time.Location, bool) {
	if s == "Z" {
		return time.UTC, true
	}
	s = strings.ReplaceAll(s, ":", "")
	h, m := atoi(s[1:3]), 0
	if len(s) == 5 {
		m = atoi(s[3:5])
	}
	if h > 15 || m > 59 {
		return nil, false
	}
	seconds := (h*60 + m) * 60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// at is the instant that c names in the zone, unless it names one itself.
func (c civil) at(zone *time.Location) time.Time {
	if c.zone != nil {
		zone = c.zone
	}
	return time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.sec, c.nano, zone)
}

// date is the civil date of c as seen in the zone.
func (c civil) date(zone *time.Location) (value.Value, bool) {
	if c.zone == nil {
		return value.OfDate(c.year, time.Month(c.month), c.day), true
	}
	y, m, d := c.at(nil).In(zone).Date()
	return value.OfDate(y, m, d), y >= 1 && y <= 9999
}

func realDate(y, m, d int) bool {
	if y < 1 || m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// atoi reads digits that a regular expression has admitted; blank is 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// ExcelDate turns a spreadsheet's serial day number into a date. Day 60 of the
// 1900 system never existed; with date1904 the count starts in 1904.
func ExcelDate(serial float64, date1904 bool) (value.Value, error) {
	t, err := excel(serial, date1904)
	if err != nil {
		return value.Value{}, err
	}
	return value.OfDate(t.Year(), t.Month(), t.Day()), nil
}

// ExcelTime turns a spreadsheet's serial number into the instant it shows in
// the zone, to the second.
func ExcelTime(serial float64, date1904 bool, zone *time.Location) (value.Value, error) {
	t, err := excel(serial, date1904)
	if err != nil {
		return value.Value{}, err
	}
	if zone == nil {
		zone = time.UTC
	}
	return value.OfTime(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)), nil
}

func excel(serial float64, date1904 bool) (time.Time, error) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case serial < 60:
		start = start.AddDate(0, 0, 1)
	}
	// The last day a spreadsheet knows is the end of 9999.
	if math.IsNaN(serial) || serial < 0 || serial >= 2958466 || !date1904 && (serial < 1 || serial >= 60 && serial < 61) {
		return time.Time{}, ErrDate.With("value", fmt.Sprint(serial))
	}
	days := math.Floor(serial)
	seconds := math.Round((serial - days) * 86400)
	return start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second), nil
}
