<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>a list that is in no other file</source>
        <translation>一个代码表只能出现在一个文件中</translation>
    </message>
    <message>
        <source>a date in the year {year}</source>
        <translation>{year} 年的日期</translation>
    </message>
    <message>
        <source>a value of type {type}</source>
        <translation>{type} 类型的值</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>一个表</translation>
    </message>
    <message>
        <source>a code that stands once</source>
        <translation>代码不得重复</translation>
    </message>
    <message>
        <source>the code {code}</source>
        <translation>代码 {code}</translation>
    </message>
    <message>
        <source>either minutes or no_limit</source>
        <translation>minutes 与 no_limit 只能有一个</translation>
    </message>
    <message>
        <source>minutes above zero, or no_limit = true</source>
        <translation>minutes 大于 0，或 no_limit = true</translation>
    </message>
    <message>
        <source>one of {names}</source>
        <translation>{names} 之一</translation>
    </message>
    <message>
        <source>a pair like ["08:30", "12:00"]</source>
        <translation>形如 ["08:30", "12:00"] 的一对时刻</translation>
    </message>
    <message>
        <source>spans of a day in their order</source>
        <translation>按先后排列的一天内时段</translation>
    </message>
    <message>
        <source>at least one span</source>
        <translation>至少一个时段</translation>
    </message>
    <message>
        <source>another type of value</source>
        <translation>另一种类型的值</translation>
    </message>
    <message>
        <source>report or warn</source>
        <translation>report 或 warn</translation>
    </message>
    <message>
        <source>the ref of an earlier moment</source>
        <translation>前面某一时刻的 ref</translation>
    </message>
    <message>
        <source>moments in time order</source>
        <translation>按时间先后排列的时刻</translation>
    </message>
</context>
</TS>
