<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>Situation map</source>
        <translation>态势图</translation>
    </message>
    <message>
        <source>Water</source>
        <translation>水系</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>{count} open</source>
        <translation>在办 {count} 件</translation>
    </message>
    <message>
        <source>Grids by open incidents</source>
        <translation>网格在办量</translation>
    </message>
    <message>
        <source>Boundaries</source>
        <translation>界线</translation>
    </message>
    <message>
        <source>sensitive matter</source>
        <translation>敏感事项</translation>
    </message>
    <message>
        <source>boundaries and base map are generated</source>
        <translation>界线与底图为生成示意</translation>
    </message>
    <message>
        <source>DEMO</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>open incidents of a grid</source>
        <translation>网格在办件</translation>
    </message>
    <message>
        <source>There is nothing to draw yet: bring areas in, or take an incident in.</source>
        <translation>还没有可绘制的内容：请先导入区域，或上报事件。</translation>
    </message>
    <message>
        <source>{file} cannot be written: {why}</source>
        <translation>无法写入 {file}：{why}</translation>
    </message>
    <message>
        <source>{marked} of them are marked here</source>
        <translation>图上标出其中 {marked} 件</translation>
    </message>
</context>
</TS>
