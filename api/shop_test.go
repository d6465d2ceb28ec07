package api_test

// shop is the app of these tests: links both ways, computed fields, a unique
// one, a sub-form, roles whose rows and fields are limited, a button, a rule
// that waits for a task.
const shop = `{
 "app":{"key":"shop","name":{"zh-CN":"商店","en-US":"Shop"},"params":[{"key":"big","name":"大单","type":"number","value":1000}]},
 "entities":[
  {"key":"customer","name":{"zh-CN":"客户","en-US":"Customer"},"title":"{name}","fields":[
    {"key":"name","name":"名称","type":"text","required":true},
    {"key":"code","name":"代码","type":"text","unique":true},
    {"key":"phone","name":"电话","type":"phone"},
    {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]},"default":{"value":"b"}},
    {"key":"paper","name":"合同","type":"attachment"},
    {"key":"order_amount","name":"订单额","type":"rollup","options":{"entity":"order","via":"customer","fn":"sum","field":"total"}}]},
  {"key":"order","name":{"zh-CN":"订单","en-US":"Order"},"title":"{no}","fields":[
    {"key":"no","name":"单号","type":"serial","options":{"pattern":"DD{0000}"}},
    {"key":"customer","name":"客户","type":"link","options":{"entity":"customer"}},
    {"key":"status","name":"状态","type":"select","options":{"choices":[{"key":"open","label":"进行"},{"key":"won","label":"成交"}]},"default":{"value":"open"}},
    {"key":"date","name":"日期","type":"date","default":{"formula":"today()"}},
    {"key":"items","name":"明细","type":"subform","fields":[
      {"key":"name","name":"品名","type":"text","required":true},
      {"key":"qty","name":"数量","type":"number"},
      {"key":"price","name":"单价","type":"money"},
      {"key":"slip","name":"小票","type":"image","options":{"max_size_mb":1}}]},
    {"key":"total","name":"合计","type":"formula","options":{"expr":"sum(items, .qty * .price)","result":"number"}}]}],
 "forms":[{"key":"default","entity":"customer","name":"登记","default":true,"thanks_text":{"zh-CN":"谢谢","en-US":"Thank you"},"layout":[
    {"type":"field","field":"name"},{"type":"field","field":"phone"},{"type":"field","field":"paper"},{"type":"field","field":"order_amount"}]}],
 "views":[{"key":"all","entity":"customer","name":"全部客户","type":"grid","config":{"columns":[{"field":"name"},{"field":"level"}],"filter":"level == \"b\"","sort":[{"field":"name"}]}}],
 "dashboards":[{"key":"board","name":"看板","widgets":[
    {"id":"w1","type":"kpi","title":"客户数","x":0,"y":0,"w":3,"h":2,"config":{"entity":"customer","goal":"setting(\"big\")"}},
    {"id":"w2","type":"bar","title":"级别","x":3,"y":0,"w":3,"h":2,"config":{"entity":"customer","group_by":{"field":"level"},"measures":[{"fn":"count"}]}},
    {"id":"w3","type":"list","title":"最近","x":0,"y":2,"w":6,"h":2,"config":{"entity":"customer","columns":["name"],"limit":5}},
    {"id":"w4","type":"tasks","title":"待办","x":6,"y":2,"w":6,"h":2,"config":{"scope":"mine"}}],
   "filters":[{"id":"f1","name":"级别","type":"select","fields":{"customer":"level"}}]}],
 "rules":[
  {"key":"promote","name":{"zh-CN":"升级","en-US":"Promote"},"entity":"customer","trigger":{"type":"button","label":"升级"},"steps":[
    {"id":"s1","type":"set_fields","options":{"set":{"level":"\"a\""}}},
    {"id":"s2","type":"message","options":{"text":"已升级 {name}"}}]},
  {"key":"agreed","name":"同意后升级","entity":"customer","trigger":{"type":"task_finished","task":"review","outcome":"yes"},"steps":[
    {"id":"s1","type":"update_record","options":{"record":"record","set":{"level":"\"a\""}}}]},
  {"key":"came","name":"收到推送","entity":"","trigger":{"type":"webhook","secret":"hook"},"steps":[
    {"id":"s1","type":"create_record","options":{"entity":"customer","set":{"name":"\"推送\""}}}]}],
 "roles":[
  {"key":"sales","name":{"zh-CN":"销售","en-US":"Sales"},"grants":[
    {"entity":"customer","ops":["create","read","update"],"filter":"owner == me()","fields":[{"field":"phone","rule":"partial"},{"field":"code","rule":"hidden"}]},
    {"entity":"order","ops":["create","read"]}]},
  {"key":"builder","name":"搭建者","admin":true,"grants":[]}]}`
