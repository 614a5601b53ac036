<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>forms</name>
    <message>
        <source>Enter sends, Shift+Enter: new line</source>
        <translation>回车发送，Shift+回车换行</translation>
    </message>
    <message>
        <source>longer than {count} characters</source>
        <translation>超过 {count} 字</translation>
    </message>
    <message>
        <source>between {low} and {high}</source>
        <translation>应在 {low} 到 {high} 之间</translation>
    </message>
    <message>
        <source>18:42 or 11-23 18:42</source>
        <translation>18:42 或 11-23 18:42</translation>
    </message>
    <message>
        <source>not a time</source>
        <translation>不是时间</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>请选择</translation>
    </message>
    <message>
        <source>Force: name or pinyin initials</source>
        <translation>力量：名称或拼音首字母</translation>
    </message>
    <message>
        <source>Grid: name or code</source>
        <translation>网格：名称或编码</translation>
    </message>
    <message>
        <source>lon, lat</source>
        <translation>经度, 纬度</translation>
    </message>
    <message>
        <source>Pick on the map</source>
        <translation>地图取点</translation>
    </message>
    <message>
        <source>Not a point: longitude, latitude</source>
        <translation>不是坐标：应为 经度, 纬度</translation>
    </message>
    <message>
        <source>Add photos: choose or drop here</source>
        <translation>添加照片：选择或拖到此处</translation>
    </message>
    <message>
        <source>Photos are still being stored: {count}</source>
        <translation>照片正在保存：{count}</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Left out (kind or number of files): {names}</source>
        <translation>未加入（类型或数量不符）：{names}</translation>
    </message>
    <message>
        <source>Not stored: {name} ({why})</source>
        <translation>未保存：{name}（{why}）</translation>
    </message>
    <message>
        <source>Number, place or kind</source>
        <translation>编号、地点或类型</translation>
    </message>
    <message>
        <source>Photos and documents</source>
        <translation>照片和文件</translation>
    </message>
    <message>
        <source>Not in the list: {text}</source>
        <translation>列表中没有：{text}</translation>
    </message>
    <message>
        <source>Name, code or pinyin initials</source>
        <translation>名称、编码或拼音首字母</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n} 天</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} 小时</translation>
    </message>
    <message>
        <source>{n} m</source>
        <translation>{n} 米</translation>
    </message>
    <message>
        <source>{n} km</source>
        <translation>{n} 公里</translation>
    </message>
    <message>
        <source>Centre: name or pinyin initials</source>
        <translation>中心：名称或拼音首字母</translation>
    </message>
    <message>
        <source>Still looking for {text}</source>
        <translation>正在查找：{text}</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>the file can't be read</source>
        <translation>文件读不出来</translation>
    </message>
    <message>
        <source>larger than {mb} MB</source>
        <translation>超过 {mb} MB</translation>
    </message>
</context>
</TS>
