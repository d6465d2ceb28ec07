package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenon/schema/fault"
)

// property is a member of a JSON object that a struct declares.
type property struct {
	name     string
	index    []int
	required bool
}

var propertiesOf sync.Map // reflect.Type → map[string]property

// properties lists what JSON members a struct takes; embedded structs are flat.
func properties(t reflect.Type) map[string]property {
	if p, ok := propertiesOf.Load(t); ok {
		return p.(map[string]property)
	}
	out := map[string]property{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			for n, p := range properties(f.Type) {
				p.index = append([]int{i}, p.index...)
				out[n] = p
			}
		case !f.IsExported() || name == "-" || name == "":
		default:
			out[name] = property{name: name, index: []int{i}, required: f.Tag.Get("need") != ""}
		}
	}
	propertiesOf.Store(t, out)
	return out
}

var (
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()
	rawMessage  = reflect.TypeFor[json.RawMessage]()
	timeType    = reflect.TypeFor[time.Time]()
)

// selfAssigner is a type that reads decoded JSON by itself, strictly.
type selfAssigner interface {
	assignJSON(path string, x any, faults *fault.List)
}

// maybe tells a member that was left out from one that is null: in a change
// null means none, and absence means as it is.
type maybe[T any] struct {
	set  bool
	null bool
	v    T
}

func (m *maybe[T]) assignJSON(path string, x any, faults *fault.List) {
	m.set, m.null = true, x == nil
	if x != nil {
		assign(path, x, reflect.ValueOf(&m.v).Elem(), faults)
	}
}

// ptr is nil when left out, the zero value when null.
func (m maybe[T]) ptr() *T {
	if !m.set {
		return nil
	}
	return &m.v
}

func (maybe[T]) inner() reflect.Type { return reflect.TypeFor[T]() }

// assign puts a strictly decoded JSON value into a Go value: names are exact,
// unknown ones are faults, numbers are not rounded, and every fault is found.
func assign(path string, x any, v reflect.Value, faults *fault.List) {
	t := v.Type()
	if t == rawMessage {
		b, err := json.Marshal(x)
		faults.Add(err)
		v.SetBytes(b)
		return
	}
	if own, ok := v.Addr().Interface().(selfAssigner); ok {
		own.assignJSON(path, x, faults)
		return
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(unmarshaler) {
		assignSelf(path, x, v, faults)
		return
	}
	wrong := func(zh, en string) { faults.Add(errPropType.At(path).With("want", label(zh, en))) }
	if x == nil {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
			v.SetZero()
		default:
			wrong("非空值", "not null")
		}
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		assign(path, x, v.Elem(), faults)
	case reflect.Interface:
		v.Set(reflect.ValueOf(x))
	case reflect.String:
		s, ok := x.(string)
		if !ok {
			wrong("文本", "a text")
			return
		}
		v.SetString(s)
	case reflect.Bool:
		b, ok := x.(bool)
		if !ok {
			wrong("true 或 false", "true or false")
			return
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64, reflect.Int32:
		n, ok := x.(json.Number)
		i, err := strconv.ParseInt(string(n), 10, 64)
		if !ok || err != nil || v.OverflowInt(i) {
			wrong("整数", "a whole number")
			return
		}
		v.SetInt(i)
	case reflect.Float64:
		n, ok := x.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil {
			wrong("数字", "a number")
			return
		}
		v.SetFloat(f)
	case reflect.Slice:
		l, ok := x.([]any)
		if !ok {
			wrong("数组", "an array")
			return
		}
		v.Set(reflect.MakeSlice(t, len(l), len(l)))
		for i, e := range l {
			assign(join(path, strconv.Itoa(i)), e, v.Index(i), faults)
		}
	case reflect.Map:
		m, ok := x.(map[string]any)
		if !ok {
			wrong("对象", "an object")
			return
		}
		v.Set(reflect.MakeMapWithSize(t, len(m)))
		for _, k := range sortedKeys(m) {
			e := reflect.New(t.Elem()).Elem() // addressable, unlike a map's element
			assign(join(path, k), m[k], e, faults)
			v.SetMapIndex(reflect.ValueOf(k), e)
		}
	case reflect.Struct:
		m, ok := x.(map[string]any)
		if !ok {
			wrong("对象", "an object")
			return
		}
		assignStruct(path, m, v, faults)
	default:
		panic(fmt.Sprintf("api: %s cannot be read from JSON", t))
	}
}

func assignStruct(path string, m map[string]any, v reflect.Value, faults *fault.List) {
	props := properties(v.Type())
	for _, k := range sortedKeys(m) {
		p, ok := props[k]
		if !ok {
			faults.Add(errUnknownProp.At(join(path, k)).With("name", k))
			continue
		}
		assign(join(path, k), m[k], v.FieldByIndex(p.index), faults)
	}
	for _, k := range sortedKeys(props) {
		if _, ok := m[k]; !ok && props[k].required {
			faults.Add(errMissing.At(join(path, k)).With("name", k))
		}
	}
}

// assignSelf lets a type read itself: localised texts, instants.
func assignSelf(path string, x any, v reflect.Value, faults *fault.List) {
	b, err := json.Marshal(x)
	if err == nil {
		err = v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(b)
	}
	if err == nil {
		return
	}
	want := label("正确的值", "of the right form")
	if v.Type() == timeType {
		want = label("时间（RFC 3339）", "an instant (RFC 3339)")
	}
	faults.Add(errPropType.At(path).With("want", want))
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "/" + b
}
