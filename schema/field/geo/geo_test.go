package geo_test

import (
	"testing"

	"tenon/schema/field/geo"
)

func TestSplit_reads_addresses_as_people_write_them(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, province, city, district, rest string }{
		{"浙江省杭州市西湖区文三路1号", "浙江省", "杭州市", "西湖区", "文三路1号"},
		{"浙江 杭州 西湖区 文三路1号", "浙江省", "杭州市", "西湖区", "文三路1号"},
		{"杭州市西湖区文三路1号", "浙江省", "杭州市", "西湖区", "文三路1号"},
		{"北京市北京市朝阳区望京街道", "北京市", "北京市", "朝阳区", "望京街道"},
		{"北京市市辖区朝阳区望京街道", "北京市", "北京市", "朝阳区", "望京街道"},
		{"北京朝阳区望京街道", "北京市", "北京市", "朝阳区", "望京街道"},
		{"重庆市县城口县人民路", "重庆市", "重庆市", "城口县", "人民路"},
		{"吉林省吉林市昌邑区", "吉林省", "吉林市", "昌邑区", ""},
		{"吉林市昌邑区", "吉林省", "吉林市", "昌邑区", ""},
		{"湖北省仙桃市沔阳大道", "湖北省", "仙桃市", "", "沔阳大道"},
		{"广东省东莞市南城街道鸿福路", "广东省", "东莞市", "", "南城街道鸿福路"},
		{"内蒙古呼和浩特市赛罕区", "内蒙古自治区", "呼和浩特市", "赛罕区", ""},
		{"新疆维吾尔自治区乌鲁木齐市天山区", "新疆维吾尔自治区", "乌鲁木齐市", "天山区", ""},
		{"海南藏族自治州共和县", "青海省", "海南藏族自治州", "共和县", ""},
		{"浙江省西湖区", "浙江省", "杭州市", "西湖区", ""},
		{"上海", "上海市", "", "", ""},
	} {
		p, rest, ok := geo.Split(c.in)
		if want := (geo.Place{Province: c.province, City: c.city, District: c.district}); !ok || p != want || rest != c.rest {
			t.Errorf("Split(%s) = %v %q %v, want %v %q", c.in, p, rest, ok, want, c.rest)
		}
	}
	for _, in := range []string{"", "海南航空公司", "1 Main Street", "火星市"} {
		if p, rest, ok := geo.Split(in); ok {
			t.Errorf("Split(%s) found %v %q", in, p, rest)
		}
	}
}

func TestResolve_completes_and_refuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, out geo.Place
		bad     string
	}{
		{geo.Place{Province: "浙江", City: "杭州", District: "西湖"}, geo.Place{Province: "浙江省", City: "杭州市", District: "西湖区"}, ""},
		{geo.Place{City: "杭州市"}, geo.Place{Province: "浙江省", City: "杭州市"}, ""},
		{geo.Place{Province: "北京市", City: "市辖区", District: "海淀区"}, geo.Place{Province: "北京市", City: "北京市", District: "海淀区"}, ""},
		{geo.Place{Province: "火星"}, geo.Place{}, "province"},
		{geo.Place{Province: "浙江省", City: "南京市"}, geo.Place{}, "city"},
		{geo.Place{Province: "浙江省", City: "杭州市", District: "玄武区"}, geo.Place{}, "district"},
	} {
		out, bad := geo.Resolve(c.in)
		if bad != c.bad || bad == "" && out != c.out {
			t.Errorf("Resolve(%v) = %v %q", c.in, out, bad)
		}
	}
}

// Every division must survive being written as an address and read again.
func TestSplit_reads_every_division(t *testing.T) {
	t.Parallel()
	n := 0
	for _, p := range geo.Provinces() {
		for _, c := range geo.Cities(p) {
			for _, d := range append(geo.Districts(p, c), "") {
				text := p + c + d
				if p == c {
					text = p + d
				}
				if p == c && d == "" {
					continue
				}
				got, rest, ok := geo.Split(text)
				if want := (geo.Place{Province: p, City: c, District: d}); !ok || got != want || rest != "" {
					t.Errorf("Split(%s) = %v %q", text, got, rest)
				}
				n++
			}
		}
	}
	if n < 3000 {
		t.Errorf("only %d divisions", n)
	}
}
