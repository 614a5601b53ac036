<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>charts</name>
    <message>
        <source>Intake by hour</source>
        <translation>分时受理量</translation>
    </message>
</context>
</TS>
