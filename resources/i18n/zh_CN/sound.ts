<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>SoundButton</name>
    <message>
        <source>Muted, {time} left</source>
        <translation>静音 剩余 {time}</translation>
    </message>
    <message>
        <source>Sound: beep only</source>
        <translation>声音：仅蜂鸣</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>声音 开</translation>
    </message>
    <message>
        <source>Silence the alarms for a time; a new level I sounds at once</source>
        <translation>告警静音一段时间；新的Ⅰ级告警立即响铃</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>No sound device: {reason}</source>
        <translation>没有可用的声音设备：{reason}</translation>
    </message>
</context>
</TS>
