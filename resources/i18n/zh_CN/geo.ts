<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>{file} is no base map of this program</source>
        <translation>{file} 不是本程序的底图</translation>
    </message>
    <message>
        <source>Reading .osm.pbf needs pyosmium: pip install liandong[osm], or bring in GeoJSON instead</source>
        <translation>读取 .osm.pbf 需要 pyosmium：请执行 pip install liandong[osm]，或改为导入 GeoJSON</translation>
    </message>
    <message>
        <source>{file} is no OpenStreetMap extract that can be read ({reason})</source>
        <translation>{file} 不是可读取的 OpenStreetMap 数据（{reason}）</translation>
    </message>
    <message>
        <source>{file} is no MBTiles file that can be read ({reason})</source>
        <translation>{file} 不是可读取的 MBTiles 文件（{reason}）</translation>
    </message>
    <message>
        <source>{file} holds vector tiles; the map's background takes raster tiles (png, jpg, webp). Bring vector data in as .osm.pbf or GeoJSON: import base</source>
        <translation>{file} 是矢量瓦片；底图只接受栅格瓦片（png、jpg、webp）。矢量数据请以 .osm.pbf 或 GeoJSON 导入：import base</translation>
    </message>
    <message>
        <source>{file}: its tiles are of the format {format}, which is no picture (png, jpg, webp)</source>
        <translation>{file}：其瓦片格式为 {format}，不是图片（png、jpg、webp）</translation>
    </message>
    <message>
        <source>A password in an address is refused; use key_env or key_file</source>
        <translation>地址中不得带密码，请改用 key_env 或 key_file</translation>
    </message>
    <message>
        <source>The environment variable {name} with the map's key is not set</source>
        <translation>未设置存放底图密钥的环境变量 {name}</translation>
    </message>
    <message>
        <source>The file {file} with the map's key cannot be read</source>
        <translation>存放底图密钥的文件 {file} 无法读取</translation>
    </message>
    <message>
        <source>The background map refuses the key (HTTP {status})</source>
        <translation>底图服务拒绝该密钥（HTTP {status}）</translation>
    </message>
    <message>
        <source>The background map's daily quota is used up (HTTP {status})</source>
        <translation>底图服务今日配额已用完（HTTP {status}）</translation>
    </message>
    <message>
        <source>The background map answers HTTP {status}</source>
        <translation>底图服务返回 HTTP {status}</translation>
    </message>
    <message>
        <source>The background map cannot be reached ({reason})</source>
        <translation>底图服务连接不上（{reason}）</translation>
    </message>
    <message>
        <source>The background map answers with something that is no picture</source>
        <translation>底图服务返回的内容不是图片</translation>
    </message>
    <message>
        <source>20 digits: at place {place} stands {got}</source>
        <translation>20 位数字：第 {place} 位是 {got}</translation>
    </message>
    <message>
        <source>20 digits: 8 centre, 2 industry, 3 type, 1 network, 6 sequence; these are {count}</source>
        <translation>20 位数字：8 位中心、2 位行业、3 位类型、1 位网络标识、6 位序号；现有 {count} 位</translation>
    </message>
    <message>
        <source>digits 1 to 2 a province of GB/T 2260 (11 to 82); {got} is none</source>
        <translation>第 1 至 2 位应为 GB/T 2260 省级代码（11 至 82）；{got} 不是</translation>
    </message>
    <message>
        <source>digits 11 to 13 the type of a camera (131, 132) or recorder (111 to 118); {got} is: {what}</source>
        <translation>第 11 至 13 位应为摄像机（131、132）或录像机（111 至 118）类型；{got} 为：{what}</translation>
    </message>
    <message>
        <source>unknown type</source>
        <translation>未知类型</translation>
    </message>
</context>
</TS>
