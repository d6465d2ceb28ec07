package transfer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// encodings are those that can be asked for; nil decodes nothing.
var encodings = map[string]encoding.Encoding{
	"utf-8":        nil,
	"gbk":          simplifiedchinese.GB18030, // GBK and GB2312 are parts of it
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"windows-1252": charmap.Windows1252,
}

// delimiters in the order of preference among equals.
var delimiters = []rune{',', '\t', ';', '|'}

// detect finds encoding and delimiter from the start of a file, unless they
// are given.
func (s *Source) detect(head []byte, o Read) error {
	s.Encoding = strings.ToLower(o.Encoding)
	if s.Encoding == "gb2312" || s.Encoding == "gb18030" {
		s.Encoding = "gbk"
	}
	if s.Encoding == "" {
		s.Encoding = detectEncoding(head)
	}
	enc, ok := encodings[s.Encoding]
	if !ok {
		return ErrEncoding.At("encoding").With("encoding", o.Encoding)
	}
	text := head
	if enc != nil {
		text, _ = enc.NewDecoder().Bytes(head) // a cut at the end is no fault
	}
	if len(text) > 0 && bytes.IndexByte(text, 0) >= 0 {
		return ErrBinary.New()
	}
	switch s.Delimiter = o.Delimiter; {
	case s.Delimiter == "":
		s.Delimiter = string(detectDelimiter(text))
	case strings.EqualFold(s.Delimiter, "tab"):
		s.Delimiter = "\t"
	}
	if r, n := utf8.DecodeRuneInString(s.Delimiter); n != len(s.Delimiter) || r == '"' || r == '\r' || r == '\n' || r == utf8.RuneError {
		return ErrDelimiter.At("delimiter")
	}
	return nil
}

func detectEncoding(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "utf-8"
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "utf-16be"
	}
	if validUTF8(head) {
		return "utf-8"
	}
	// A wide text without a mark: every other byte of its Latin part is zero.
	if even, odd := zeros(head); odd > len(head)/5 && even < len(head)/50 {
		return "utf-16le"
	} else if even > len(head)/5 && odd < len(head)/50 {
		return "utf-16be"
	}
	if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head); err == nil {
		bad := bytes.Count(text, []byte("\ufffd"))
		if bad == 0 || bad == 1 && bytes.HasSuffix(text, []byte("\ufffd")) {
			return "gbk"
		}
	}
	return "windows-1252"
}

// validUTF8 is utf8.Valid for a text that may be cut within a character.
func validUTF8(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if utf8.Valid(b) {
			return true
		}
		if utf8.RuneStart(b[len(b)-1]) && b[len(b)-1] < utf8.RuneSelf {
			return false
		}
		b = b[:len(b)-1]
	}
	return utf8.Valid(b)
}

func zeros(b []byte) (even, odd int) {
	for i, c := range b {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	return even, odd
}

// detectDelimiter takes the character that cuts the first lines into the most
// columns, as many in each line as possible.
func detectDelimiter(text []byte) rune {
	if i := bytes.LastIndexByte(text, '\n'); i > 0 && len(text) > 64<<10 {
		text = text[:i] // the last line may be cut
	}
	best, score := delimiters[0], 0.0
	for _, d := range delimiters {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = d, true, -1, true
		counts := map[int]int{}
		lines := 0
		for lines < 50 {
			rec, err := r.Read()
			if err != nil {
				break
			}
			counts[len(rec)]++
			lines++
		}
		width, same := 0, 0
		for w, n := range counts {
			if n > same || n == same && w > width {
				width, same = w, n
			}
		}
		if width < 2 || lines == 0 {
			continue
		}
		// Agreement counts more than width: prose has commas too.
		agree := float64(same) / float64(lines)
		if sc := agree * agree * float64(10+min(width, 40)); sc > score {
			best, score = d, sc
		}
	}
	return best
}

// csv visits the records of a text file.
func (s *Source) csv(visit func(n int, cells []string) error) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = bufio.NewReaderSize(f, 256<<10)
	if enc := encodings[s.Encoding]; enc != nil {
		in = enc.NewDecoder().Reader(in)
	}
	limit := &budget{r: in}
	buf := bufio.NewReader(limit)
	if b, err := buf.Peek(3); err == nil && bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		if _, err := buf.Discard(3); err != nil {
			return err
		}
	}
	r := csv.NewReader(buf)
	d, _ := utf8.DecodeRuneInString(s.Delimiter)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = d, true, -1, true
	for n := 1; ; n++ {
		limit.left = maxRecord
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errBudget):
			return ErrRecord.With("row", n)
		case err != nil:
			return err
		}
		if len(cells) > 4*MaxColumns {
			return ErrColumns.With("max", MaxColumns)
		}
		if err := visit(n, cells); err != nil {
			return err
		}
	}
}

// budget bounds how much is read for one record: an open quotation mark would
// take in the rest of the file.
type budget struct {
	r    io.Reader
	left int
}

var errBudget = errors.New("record too long")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBudget
	}
	n, err := b.r.Read(p[:min(len(p), 64<<10)])
	b.left -= n
	return n, err
}
