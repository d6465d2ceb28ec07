package crm

import "strings"

// pair is a text in both languages.
type pair struct{ zh, en string }

func (p pair) in(zh bool) string {
	if zh {
		return p.zh
	}
	return p.en
}

func words(s string) []string { return strings.Fields(s) }

// People and companies are made up from these parts.
var (
	surnamesZH = words("林 陈 沈 周 顾 许 宋 唐 韩 冯 程 曹 袁 邓 彭 曾 萧 田 董 潘 于 蒋 蔡 余 杜 叶 苏 魏 吕 丁 任 姚 卢 姜 崔 钟 谭 陆 汪 范 石 廖 贾 夏 韦 方 白 邹 孟 熊")
	givenZH    = words("知远 若澜 书航 明轩 雨桐 思齐 嘉禾 一鸣 清妍 子衿 浩然 欣悦 承宇 念初 景行 沐阳 安然 若谷 晓棠 亦凡 云舟 静姝 泽言 可心 立诚 佳怡 文博 语嫣 致远 乐瑶 星野 南乔 怀瑾 以宁 维桢 锦书 昭明 听澜 修齐 晴川 季同 允之 溪亭 舒窈 鹤鸣 望舒 青禾 庭筠 疏桐 映雪")
	firstEN    = words("Nora Elias Maya Felix Iris Jonas Clara Owen Lena Hugo Ada Theo Ruby Simon Elsa Noah Vera Leo Alma Oscar Ivy Max Freya Karl Mina Paul Tess Adam Lucy Ben Thea Finn Anna Liam Rosa Mark Edith Sam June Eric Dora Neil Cora Kurt Greta Evan Hanna Ross Ella Dean")
	lastEN     = words("Hartley Osborne Lindqvist Marlow Fenwick Castell Brandt Holloway Kestrel Ashdown Whitlock Novak Ferris Langley Draper Sorrell Winslow Tanner Pryce Halden Voss Merrick Easton Calder Thorne Bexley Rowan Stroud Keane Lowell Garrick Alder Penrose Quill Hadley Sutter Varga Wren Colby Durant Ellison Frost Gable Hewitt Irwin Jarvis Kent Lomax Mercer Nash")
	prefixZH   = words("澄明 拓屿 云栎 禾川 星湄 砺川 远岫 青砚 柏舟 晴野 朗域 启岳 沐原 栖云 知衡 鹿原 海棠湾 九穗 合序 乘黄 映山 北屿 南汀 素问堂 牧星 凌霁 汇禾 同舟里 丰原 竹里 松果 白鹿溪 小满 谷雨 惊蛰 芒种 霜降 立夏 半亩 方塘 一苇 千帆 三禾 五谷 六棱 七弦 八音 十里")
	lineZH     = []pair{{"智能装备", "manufacturing"}, {"精密部件", "manufacturing"}, {"新材料", "manufacturing"}, {"连锁超市", "retail"}, {"家居", "retail"}, {"优品", "ecommerce"}, {"电子商务", "ecommerce"}, {"教育科技", "education"}, {"职业培训", "education"}, {"软件", "saas"}, {"数据科技", "saas"}, {"财税服务", "finance"}, {"企业咨询", "consulting"}, {"物联科技", "hardware"}, {"母婴用品", "maternity"}, {"医疗器械", "medical"}, {"健康管理", "medical"}, {"国际贸易", "trade"}, {"文化传媒", "media"}, {"人力资源", "staffing"}}
	prefixEN   = words("Larkmoor Tidewell Oakhaven Brightwater Silverfen Copperline Northgate Maplecrest Bluebarn Redfern Stonebridge Goldleaf Ironwood Fairmont Highmeadow Clearpath Kingsford Amberley Westerly Harborlight Foxglove Juniper Cedarline Driftwood Elmstead Fernbank Granary Hollybush Inkwell Jasperhill Kettleby Lanternhouse Millbrook Nettlefield Orchardline Pinecove Quarryside Rosewall Saltmarsh Thistledown Underhill Valewood Windrush Yarrow Zephyr Ashgrove Birchway Coppergate Dovecote Eastmere")
	lineEN     = []pair{{"Robotics", "manufacturing"}, {"Precision", "manufacturing"}, {"Materials", "manufacturing"}, {"Stores", "retail"}, {"Home", "retail"}, {"Direct", "ecommerce"}, {"Online", "ecommerce"}, {"Academy", "education"}, {"Training", "education"}, {"Software", "saas"}, {"Data", "saas"}, {"Accounting", "finance"}, {"Advisory", "consulting"}, {"Devices", "hardware"}, {"Baby Care", "maternity"}, {"Medical", "medical"}, {"Health", "medical"}, {"Trading", "trade"}, {"Media", "media"}, {"Staffing", "staffing"}}
	citiesZH   = [][2]string{{"浙江省", "杭州市"}, {"浙江省", "宁波市"}, {"江苏省", "南京市"}, {"江苏省", "苏州市"}, {"广东省", "深圳市"}, {"广东省", "广州市"}, {"广东省", "佛山市"}, {"四川省", "成都市"}, {"湖北省", "武汉市"}, {"湖南省", "长沙市"}, {"山东省", "青岛市"}, {"福建省", "厦门市"}, {"陕西省", "西安市"}, {"河南省", "郑州市"}, {"安徽省", "合肥市"}, {"上海市", "上海市"}, {"北京市", "北京市"}}
	countries  = words("Germany Canada Ireland Singapore Norway Denmark Australia Spain Portugal Finland")
	titlesZH   = words("总经理 采购经理 信息总监 运营经理 财务总监 市场经理 项目主管 行政主任 技术负责人 店长")
	titlesEN   = []string{"Managing director", "Purchasing manager", "Head of IT", "Operations manager", "Finance director", "Marketing manager", "Project lead", "Office manager", "Head of engineering", "Store manager"}
	hobbiesZH  = words("徒步 咖啡 羽毛球 摄影 围棋 骑行 烘焙 钓鱼 茶道 音乐")
	hobbiesEN  = words("hiking coffee badminton photography chess cycling baking fishing tea music")
)

// products are what the sample company sells; prices in whole yuan.
var products = []struct {
	code, category string
	name           pair
	price, cost    int
	tax            float64
	months         int
}{
	{"FL-STD", "software", pair{"协同平台标准版", "Flow platform, standard"}, 19800, 4200, 0.06, 12},
	{"FL-PRO", "software", pair{"协同平台专业版", "Flow platform, professional"}, 49800, 9600, 0.06, 12},
	{"FL-ENT", "software", pair{"协同平台旗舰版", "Flow platform, enterprise"}, 128000, 26000, 0.06, 12},
	{"BI-ADD", "software", pair{"数据分析模块", "Analytics module"}, 16800, 3000, 0.06, 12},
	{"GW-100", "hardware", pair{"物联网关 G100", "IoT gateway G100"}, 3600, 2100, 0.13, 0},
	{"GW-300", "hardware", pair{"物联网关 G300", "IoT gateway G300"}, 8900, 5200, 0.13, 0},
	{"SN-KIT", "hardware", pair{"传感器套装", "Sensor kit"}, 2400, 1300, 0.13, 0},
	{"SV-IMP", "service", pair{"实施服务（人天）", "Implementation, per day"}, 2800, 1500, 0.06, 0},
	{"SV-VIP", "service", pair{"VIP 专属服务（年）", "VIP service, per year"}, 26000, 12000, 0.06, 12},
	{"TR-ADM", "course", pair{"管理员认证课程", "Administrator course"}, 4800, 1200, 0.06, 0},
	{"TR-BIZ", "course", pair{"业务流程训练营", "Business process camp"}, 9800, 3200, 0.06, 0},
	{"PK-START", "package", pair{"起步套餐", "Starter package"}, 32800, 9000, 0.06, 12},
}

// What salespeople write down. The first list is for answered contacts.
var (
	talked = []pair{
		{"对方确认预算在三季度，关注交付周期", "Budget is planned for the third quarter; asked about delivery time"},
		{"介绍了同行案例，愿意安排一次演示", "Told them about a similar company; happy to see a demo"},
		{"需要和财务负责人一起过报价", "Wants to go through the quotation with finance"},
		{"反馈上线顺利，想了解数据分析模块", "Roll-out went well; curious about the analytics module"},
		{"目前用表格管理，数据经常对不上", "Still on spreadsheets, and the numbers never match"},
		{"约定下周三上门拜访", "Agreed on a visit next Wednesday"},
		{"对价格有顾虑，希望分期付款", "Worried about the price; would like instalments"},
		{"使用部门满意，准备扩到分公司", "Users are happy; they plan to extend it to the branches"},
		{"希望增加移动端签到功能", "Would like check-in on the phone"},
		{"合同条款基本确认，等法务盖章", "Terms agreed in principle, waiting for legal"},
		{"老客户推荐，需求比较明确", "Came by recommendation, knows what they want"},
		{"询问能否与现有财务软件对接", "Asked whether it connects to their accounting software"},
	}
	missed = []pair{
		{"电话未接，已发微信留言", "No answer, left a message"},
		{"对方在开会，约下午再联系", "In a meeting, call again in the afternoon"},
		{"前台转接未成功", "Reception could not put me through"},
		{"已发公司介绍，等回复", "Sent the introduction, waiting for an answer"},
	}
	needs = []pair{
		{"想把报销和采购审批搬到线上", "Wants to bring expenses and purchasing approvals online"},
		{"门店数据分散，需要统一看板", "Store data is scattered; needs one board"},
		{"设备联网后希望自动派单维修", "Wants repair tickets raised by connected machines"},
		{"线索跟进靠人记，经常漏掉", "Leads are followed up from memory and get lost"},
		{"培训报名与结业需要全程记录", "Needs to record training from sign-up to certificate"},
		{"希望客户续费提前提醒", "Wants early reminders of renewals"},
	}
	tickets = map[string][]pair{
		"consult":    {{"如何批量导入历史数据", "How to import old data in bulk"}, {"导出报表的字段怎么选", "Which fields can be exported"}, {"子账号数量如何增加", "How to add more users"}},
		"fault":      {{"网关离线无法重连", "Gateway offline and will not reconnect"}, {"审批单提交后无响应", "Nothing happens after submitting an approval"}, {"手机端图片上传失败", "Uploading pictures fails on the phone"}},
		"complaint":  {{"交付比约定晚了一周", "Delivered a week late"}, {"服务电话多次占线", "The service line is always busy"}, {"同一问题反复出现", "The same fault keeps coming back"}, {"发票开错迟迟未改", "The invoice is wrong and still not mended"}},
		"suggestion": {{"希望增加深色模式", "Please add a dark mode"}, {"看板能否按门店对比", "Could the board compare stores"}},
		"return":     {{"传感器型号不符申请换货", "Wrong sensor model, please exchange"}},
	}
	praise = []pair{{"响应很快，讲解清楚", "Quick and clear"}, {"上线比预期顺利", "Easier than expected"}, {"客服很有耐心", "Very patient service"}, {"整体不错，希望多些培训", "Good overall, more training please"}}
	blame  = []pair{{"等待时间太长", "Waited far too long"}, {"问题没有一次解决", "Not solved the first time"}, {"沟通不够主动", "We had to ask for every update"}, {"价格上涨没有提前说明", "The price rise was not announced"}}
)
