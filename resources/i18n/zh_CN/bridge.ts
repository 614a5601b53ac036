<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>Internal error {number}: this step was not done. What was entered is kept; try again.</source>
        <translation>程序内部错误 {number}：本步未完成，已录入内容保留，请重试。</translation>
    </message>
</context>
</TS>
