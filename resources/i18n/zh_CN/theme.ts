<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Panel</name>
    <message>
        <source>Loading</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>Nothing here now</source>
        <translation>暂无内容</translation>
    </message>
    <message>
        <source>Not up to date</source>
        <translation>数据未更新</translation>
    </message>
    <message>
        <source>Not all of it could be read</source>
        <translation>部分内容未能读取</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>This can't be shown now; nothing was lost</source>
        <translation>暂时无法显示，数据未丢失</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
</TS>
