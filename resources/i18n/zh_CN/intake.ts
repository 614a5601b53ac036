<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>There is no scenario {name}; known: {known}</source>
        <translation>没有演练脚本 {name}；可用：{known}</translation>
    </message>
    <message>
        <source>{file} is not a zip file that can be read (cut off?)</source>
        <translation>{file} 不是可读取的 zip 文件（是否不完整？）</translation>
    </message>
    <message>
        <source>{file} would unpack to {size} MB in {count} parts from {packed} kB: that is no honest list</source>
        <translation>{file} 将由 {packed} kB 解压为 {count} 个部分共 {size} MB：不是正常的清单，已拒收</translation>
    </message>
    <message>
        <source>{file} is locked with a password; save it without one</source>
        <translation>{file} 设有密码，请去掉密码后另存</translation>
    </message>
    <message>
        <source>{file}: the part {part} cannot be unpacked</source>
        <translation>{file}：其中的 {part} 无法解压</translation>
    </message>
    <message>
        <source>{file}: the part {part} is larger than {limit} MB</source>
        <translation>{file}：其中的 {part} 超过 {limit} MB</translation>
    </message>
    <message>
        <source>{part}: XML with a document type or entities is refused</source>
        <translation>{part}：拒收带文档类型或实体的 XML</translation>
    </message>
    <message>
        <source>{file} has no geometries; a base map comes as GeoJSON, Shapefile or .osm.pbf</source>
        <translation>{file} 中没有几何图形；底图请用 GeoJSON、Shapefile 或 .osm.pbf</translation>
    </message>
    <message>
        <source>{file}, read with the profile {profile}: the places lie in China and the file does not say its datum; a wrong one puts everything half a kilometre off. {hint}Add one of: --crs wgs84 (GPS, surveys, CGCS2000), --crs gcj02 (AMap, Tencent, DataV), --crs bd09 (Baidu)</source>
        <translation>{file}（按导入方案 {profile} 读取）：坐标位于中国境内，但文件未说明坐标系；用错会整体偏移约半公里。{hint}请加其一：--crs wgs84（GPS、测绘、CGCS2000）、--crs gcj02（高德、腾讯、DataV）、--crs bd09（百度）</translation>
    </message>
    <message>
        <source>{file}: the places lie in China and the file does not say its datum; a wrong one puts everything half a kilometre off. {hint}Add one of: --crs wgs84 (GPS, surveys, CGCS2000), --crs gcj02 (AMap, Tencent, DataV), --crs bd09 (Baidu)</source>
        <translation>{file}：坐标位于中国境内，但文件未说明坐标系；用错会整体偏移约半公里。{hint}请加其一：--crs wgs84（GPS、测绘、CGCS2000）、--crs gcj02（高德、腾讯、DataV）、--crs bd09（百度）</translation>
    </message>
    <message>
        <source>{file}: nothing in it is known as road, water, green or building. Say what it is in a profile: [constants] class = "water"</source>
        <translation>{file}：其中没有可识别的道路、水系、绿地或建筑。请在导入方案中写明：[constants] class = "water"</translation>
    </message>
    <message>
        <source>{file}, read with the profile {profile}: the coordinates (such as {x}, {y}) are no degrees but metres of a projected system. Say which: add --crs epsg:NNNN (for example --crs epsg:4548 for CGCS2000 3-degree zone 117E)</source>
        <translation>{file}（按导入方案 {profile} 读取）：坐标（如 {x}, {y}）不是经纬度，而是投影坐标（米）。请指明坐标系：加 --crs epsg:NNNN（例如 CGCS2000 三度带 117E 为 --crs epsg:4548）</translation>
    </message>
    <message>
        <source>It looks like {profile}, which is {crs}: --crs {crs} or --profile {profile}. </source>
        <translation>看起来是 {profile}，坐标系为 {crs}：请加 --crs {crs} 或 --profile {profile}。</translation>
    </message>
    <message>
        <source>It has no header row: give the columns names in the profile ([file] columns). </source>
        <translation>文件没有表头：请在导入方案中给各列命名（[file] columns）。</translation>
    </message>
    <message>
        <source>{file}: the profile {profile} knows no column as {field}. Its columns are: {columns}. {hint}Write a profile that says which one it is ([fields] {field} = "..."; see the profiles' README), then add --profile FILE.toml</source>
        <translation>{file}：导入方案 {profile} 没有可识别为 {field} 的列。现有列：{columns}。{hint}请写一个导入方案指明（[fields] {field} = "..."，见导入方案的 README），再加 --profile FILE.toml</translation>
    </message>
    <message>
        <source>There is no kind of list named {kind}; there are: {kinds}</source>
        <translation>没有名为 {kind} 的清单类别；可用：{kinds}</translation>
    </message>
    <message>
        <source>The profile {file} is for {kind}, not for {wanted}</source>
        <translation>导入方案 {file} 用于 {kind}，不是 {wanted}</translation>
    </message>
    <message>
        <source>Recognised by its columns: profile {profile}</source>
        <translation>按列名识别：导入方案 {profile}</translation>
    </message>
    <message>
        <source>{where}: there is no encoding named {name}; use utf-8, gb18030, gbk, utf-16, big5 or cp1252</source>
        <translation>{where}：没有名为 {name} 的编码；可用 utf-8、gb18030、gbk、utf-16、big5 或 cp1252</translation>
    </message>
    <message>
        <source>{file} is empty: there is no row in it</source>
        <translation>{file} 是空文件，没有数据行</translation>
    </message>
    <message>
        <source>{file}: the first row has {count} columns; between 1 and {limit} can be read</source>
        <translation>{file}：首行有 {count} 列；可读取 1 至 {limit} 列</translation>
    </message>
    <message>
        <source>{file} has {size} MB; this format is read up to {limit} MB. Split it, or convert it to CSV</source>
        <translation>{file} 有 {size} MB；此格式最大读取 {limit} MB。请拆分或转成 CSV</translation>
    </message>
    <message>
        <source>{file}: no list of records was found in this JSON ({shape}). Say in a profile where they are: [file] records = "path.to.list[]" (see the profiles' README)</source>
        <translation>{file}：此 JSON 中找不到记录列表（{shape}）。请在导入方案中指明：[file] records = "path.to.list[]"（见导入方案的 README）</translation>
    </message>
    <message>
        <source>{file} is not valid JSON: line {line}, column {column}: {reason}</source>
        <translation>{file} 不是有效的 JSON：第 {line} 行第 {column} 列：{reason}</translation>
    </message>
    <message>
        <source>{file}: the JSON is nested too deep for any list</source>
        <translation>{file}：JSON 嵌套过深，不是正常的清单</translation>
    </message>
    <message>
        <source>{file} is not JSON that can be read</source>
        <translation>{file} 不是可读取的 JSON</translation>
    </message>
    <message>
        <source>The profile {profile} reads {field} from the column {column}, which {file} does not have. {hint}Its columns are: {columns}. (A column that may be missing is written "{column}?")</source>
        <translation>导入方案 {profile} 从列 {column} 读取 {field}，但 {file} 没有这一列。{hint}现有列：{columns}。（可以缺少的列写作“{column}?”）</translation>
    </message>
    <message>
        <source>Did you mean {name}? </source>
        <translation>您是否想用 {name}？</translation>
    </message>
    <message>
        <source>{file} is no text and no known format (CSV, TSV, JSON, GeoJSON, xlsx, Shapefile)</source>
        <translation>{file} 既不是文本，也不是已知格式（CSV、TSV、JSON、GeoJSON、xlsx、Shapefile）</translation>
    </message>
    <message>
        <source>{file} is an OpenStreetMap extract: bring it in with `import base {file}`</source>
        <translation>{file} 是 OpenStreetMap 数据：请用 `import base {file}` 导入</translation>
    </message>
    <message>
        <source>{file} is {found}, the profile expects {told}</source>
        <translation>{file} 是 {found}，导入方案要求 {told}</translation>
    </message>
    <message>
        <source>{file} is a folder; name the file in it</source>
        <translation>{file} 是文件夹，请指明其中的文件</translation>
    </message>
    <message>
        <source>{file} is {what}</source>
        <translation>{file} 是 {what}</translation>
    </message>
    <message>
        <source>{file} is a web page, not a list (the download may have failed or asked for a login)</source>
        <translation>{file} 是网页，不是清单（可能下载失败或要求登录）</translation>
    </message>
    <message>
        <source>{file} is XML; lists come as CSV, xlsx, JSON, GeoJSON, Shapefile; base maps as .osm.pbf, GeoJSON</source>
        <translation>{file} 是 XML；清单请用 CSV、xlsx、JSON、GeoJSON、Shapefile，底图请用 .osm.pbf、GeoJSON</translation>
    </message>
    <message>
        <source>{file} has a header but no row</source>
        <translation>{file} 只有表头，没有数据行</translation>
    </message>
    <message>
        <source>The profile {file} is not valid TOML: {reason}</source>
        <translation>导入方案 {file} 不是有效的 TOML：{reason}</translation>
    </message>
    <message>
        <source>The profile {file} has an unknown key: {key}. {hint}Known here: {known}</source>
        <translation>导入方案 {file} 中有未知的键：{key}。{hint}此处可用：{known}</translation>
    </message>
    <message>
        <source>There is no profile {file}</source>
        <translation>没有导入方案 {file}</translation>
    </message>
    <message>
        <source>{file} is too large for a profile</source>
        <translation>{file} 太大，不像是导入方案</translation>
    </message>
    <message>
        <source>The profile {file} is not UTF-8 text</source>
        <translation>导入方案 {file} 不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>The file of refused rows {file} cannot be written</source>
        <translation>拒收行文件 {file} 无法写入</translation>
    </message>
    <message>
        <source>{file}: the .dbf with the attributes is missing; it has to lie beside the .shp</source>
        <translation>{file}：缺少属性文件 .dbf，应与 .shp 放在一起</translation>
    </message>
    <message>
        <source>{file} is not a Shapefile that can be read ({reason})</source>
        <translation>{file} 不是可读取的 Shapefile（{reason}）</translation>
    </message>
    <message>
        <source>{file}: {count} Shapefiles lie in this zip; there has to be one ({names})</source>
        <translation>{file}：zip 中有 {count} 个 Shapefile，只能有一个（{names}）</translation>
    </message>
    <message>
        <source>There is no profile {file}: name a .toml file or one that is shipped: {names}</source>
        <translation>没有导入方案 {file}：请给出 .toml 文件，或使用自带方案：{names}</translation>
    </message>
    <message>
        <source>{column}: dates such as {sample} can be read as day/month and as month/day. Say which in a profile: [dates] formats = ["%d/%m/%Y %H:%M"] or ["%m/%d/%Y %H:%M"]</source>
        <translation>{column}：{sample} 这样的日期既可读作日/月，也可读作月/日。请在导入方案中写明：[dates] formats = ["%d/%m/%Y %H:%M"] 或 ["%m/%d/%Y %H:%M"]</translation>
    </message>
    <message>
        <source>The profile turns the column {column} into rows; {file} does not have it. Its columns are: {columns}</source>
        <translation>导入方案要把列 {column} 展开成行，但 {file} 没有这一列。现有列：{columns}</translation>
    </message>
    <message>
        <source>{file}: the sheet breaks off after row {row} ({reason})</source>
        <translation>{file}：工作表在第 {row} 行之后中断（{reason}）</translation>
    </message>
    <message>
        <source>{file} is not a workbook that can be read ({reason}). Save it again as .xlsx or as CSV UTF-8</source>
        <translation>{file} 不是可读取的工作簿（{reason}）。请另存为 .xlsx 或 CSV UTF-8</translation>
    </message>
    <message>
        <source>{file} is a zip file, but neither an .xlsx workbook nor a Shapefile lies in it</source>
        <translation>{file} 是 zip 文件，但其中既没有 .xlsx 工作簿，也没有 Shapefile</translation>
    </message>
    <message>
        <source>{file} has no sheet named {sheet}; its sheets are: {sheets}</source>
        <translation>{file} 中没有名为 {sheet} 的工作表；现有：{sheets}</translation>
    </message>
    <message>
        <source>15 digits: 6 area, 3 street, 3 community, 3 sequence</source>
        <translation>15 位数字：区划 6 位、街道 3 位、社区 3 位、顺序 3 位</translation>
    </message>
    <message>
        <source>20 digits: 8 centre, 2 industry, 3 type, 1 network, 6 sequence</source>
        <translation>20 位数字：中心 8 位、行业 2 位、类型 3 位、网络 1 位、序号 6 位</translation>
    </message>
    <message>
        <source>mbtiles, xyz or wmts</source>
        <translation>mbtiles、xyz 或 wmts</translation>
    </message>
    <message>
        <source>an http or https address</source>
        <translation>http 或 https 地址</translation>
    </message>
    <message>
        <source>an address with {z}, {x} and {y}</source>
        <translation>带 {z}、{x}、{y} 的地址</translation>
    </message>
    <message>
        <source>its name, from the service's capabilities</source>
        <translation>其名称（见服务的能力文档）</translation>
    </message>
    <message>
        <source>properties of a road, water, green or building</source>
        <translation>道路、水系、绿地或建筑的属性</translation>
    </message>
    <message>
        <source>degrees: lon before lat</source>
        <translation>以度为单位，经度在前、纬度在后</translation>
    </message>
    <message>
        <source>a line or a polygon</source>
        <translation>线或面</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a point near the district: exchange the columns</source>
        <translation>本区附近的点：请对调经纬度两列</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>不能为空</translation>
    </message>
    <message>
        <source>a whole number, not negative</source>
        <translation>不为负的整数</translation>
    </message>
    <message>
        <source>yes or no (1/0, true/false, 是/否)</source>
        <translation>是或否（1/0、true/false、是/否）</translation>
    </message>
    <message>
        <source>a time of the form {form}</source>
        <translation>形如 {form} 的时间</translation>
    </message>
    <message>
        <source>a real position</source>
        <translation>真实位置</translation>
    </message>
    <message>
        <source>a position</source>
        <translation>位置坐标</translation>
    </message>
    <message>
        <source>lon ±180 and lat ±90: exchange the columns</source>
        <translation>经度 ±180、纬度 ±90：请对调两列</translation>
    </message>
    <message>
        <source>a position in {crs}</source>
        <translation>{crs} 坐标系内的位置</translation>
    </message>
    <message>
        <source>an id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>at most {limit} characters</source>
        <translation>最多 {limit} 个字符</translation>
    </message>
    <message>
        <source>a point</source>
        <translation>点坐标</translation>
    </message>
    <message>
        <source>a closing " before the end of the field</source>
        <translation>字段末尾缺少配对的 "</translation>
    </message>
    <message>
        <source>a readable row</source>
        <translation>可读取的行</translation>
    </message>
    <message>
        <source>{count} fields</source>
        <translation>{count} 个字段</translation>
    </message>
    <message>
        <source>one JSON object on the line</source>
        <translation>每行一个 JSON 对象</translation>
    </message>
    <message>
        <source>an object {...}</source>
        <translation>对象 {...}</translation>
    </message>
    <message>
        <source>a key that stands once in the file</source>
        <translation>文件内只出现一次的编号</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>two field names</source>
        <translation>两个字段名</translation>
    </message>
    <message>
        <source>a text in quotes</source>
        <translation>带引号的文本</translation>
    </message>
    <message>
        <source>a short name without a colon</source>
        <translation>不含冒号的简短名称</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a list of texts: ["...", "..."]</source>
        <translation>文本列表：["...", "..."]</translation>
    </message>
    <message>
        <source>a table: [fields]</source>
        <translation>表：[fields]</translation>
    </message>
    <message>
        <source>one character such as "," ";" or "\t"</source>
        <translation>单个字符，如 ","、";" 或 "\t"</translation>
    </message>
    <message>
        <source>a whole number from 0 to 1000</source>
        <translation>0 到 1000 的整数</translation>
    </message>
    <message>
        <source>an IANA name such as "Asia/Shanghai"</source>
        <translation>IANA 时区名，如 "Asia/Shanghai"</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>a column's name, a template or a list of them</source>
        <translation>列名、模板或它们的列表</translation>
    </message>
    <message>
        <source>lon before lat</source>
        <translation>经度在前、纬度在后</translation>
    </message>
    <message>
        <source>a polygon with an area</source>
        <translation>有面积的多边形</translation>
    </message>
    <message>
        <source>a name or a code</source>
        <translation>名称或编码</translation>
    </message>
    <message>
        <source>a polygon in {crs}</source>
        <translation>{crs} 坐标系内的多边形</translation>
    </message>
    <message>
        <source>a polygon</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>a level from -2 to {deepest}</source>
        <translation>-2 到 {deepest} 的层级</translation>
    </message>
    <message>
        <source>a time after the opening ({opened})</source>
        <translation>晚于上报时间（{opened}）的时间</translation>
    </message>
    <message>
        <source>a time between the opening and the end</source>
        <translation>上报与办结之间的时间</translation>
    </message>
    <message>
        <source>the list's name (a column, or [constants] list)</source>
        <translation>代码表名称（列，或 [constants] list）</translation>
    </message>
    <message>
        <source>a label (label_zh or label_en)</source>
        <translation>名称（label_zh 或 label_en）</translation>
    </message>
    <message>
        <source>degrees from 0 to 360, or a compass word</source>
        <translation>0 到 360 度，或方位词</translation>
    </message>
    <message>
        <source>a readable shape</source>
        <translation>可读取的图形</translation>
    </message>
    <message>
        <source>text without NUL and broken characters</source>
        <translation>不含 NUL 和乱码的文本</translation>
    </message>
    <message>
        <source>A required field is blank</source>
        <translation>必填字段为空</translation>
    </message>
    <message>
        <source>Not a number</source>
        <translation>不是数字</translation>
    </message>
    <message>
        <source>Not a date of the expected form</source>
        <translation>日期格式不符</translation>
    </message>
    <message>
        <source>A value that the profile does not know</source>
        <translation>配置中没有的取值</translation>
    </message>
    <message>
        <source>The position is 0,0</source>
        <translation>坐标为 0,0</translation>
    </message>
    <message>
        <source>The position lies outside the world</source>
        <translation>坐标超出范围</translation>
    </message>
    <message>
        <source>Longitude and latitude seem to be swapped</source>
        <translation>经纬度疑似颠倒</translation>
    </message>
    <message>
        <source>The geometry cannot be used</source>
        <translation>几何图形不可用</translation>
    </message>
    <message>
        <source>The same key with other content stands earlier in this file</source>
        <translation>同一编号在文件前面已出现且内容不同</translation>
    </message>
    <message>
        <source>The row has more or fewer fields than the header</source>
        <translation>字段数与表头不符</translation>
    </message>
    <message>
        <source>A quotation mark is not closed</source>
        <translation>引号未配对</translation>
    </message>
    <message>
        <source>A field is too long</source>
        <translation>字段过长</translation>
    </message>
    <message>
        <source>Characters that cannot be stored (NUL, broken encoding)</source>
        <translation>含无法保存的字符（NUL 或乱码）</translation>
    </message>
    <message>
        <source>The record is not an object</source>
        <translation>记录不是对象</translation>
    </message>
    <message>
        <source>Its times contradict each other</source>
        <translation>时间先后矛盾</translation>
    </message>
    <message>
        <source>The line is not JSON</source>
        <translation>该行不是 JSON</translation>
    </message>
    <message>
        <source>The code is not well formed</source>
        <translation>编码格式不正确</translation>
    </message>
    <message>
        <source>Invalid polygons were repaired</source>
        <translation>无效多边形，已修复</translation>
    </message>
    <message>
        <source>Repaired polygons whose area changed by more than 1 %</source>
        <translation>修复后面积变化超过 1 % 的多边形</translation>
    </message>
    <message>
        <source>Areas without a geometry (a list of names)</source>
        <translation>没有边界的区域（仅名录）</translation>
    </message>
    <message>
        <source>Areas whose parent was not found</source>
        <translation>未找到上级的区域</translation>
    </message>
    <message>
        <source>Areas whose parents form a circle; the parent was dropped</source>
        <translation>上级互为循环的区域，已去掉上级</translation>
    </message>
    <message>
        <source>Areas that another source names differently</source>
        <translation>与另一来源名称不一致的区域</translation>
    </message>
    <message>
        <source>Points in no area (kept, shown as such)</source>
        <translation>不在任何区域内的点（保留并标明）</translation>
    </message>
    <message>
        <source>Rows without a position (kept)</source>
        <translation>没有坐标的行（保留）</translation>
    </message>
    <message>
        <source>Positions 0,0 taken as no position (kept without a place)</source>
        <translation>坐标为 0,0，按无坐标保留</translation>
    </message>
    <message>
        <source>Ordinary grids with more households than the rule allows</source>
        <translation>户数超过原则上限的普通网格</translation>
    </message>
    <message>
        <source>Dedicated grids with more merchants than the rule allows</source>
        <translation>商户数超过原则上限的专属网格</translation>
    </message>
    <message>
        <source>{file}: </source>
        <translation>{file}：</translation>
    </message>
    <message>
        <source> (Profile named: {profile}.)</source>
        <translation>（所指定的导入方案：{profile}。）</translation>
    </message>
    <message>
        <source> (Shipped profiles that fit it: {names}.)</source>
        <translation>（适合它的随附导入方案：{names}。）</translation>
    </message>
    <message>
        <source>{file}{fault}{used}{fitting}</source>
        <translation>{file}{fault}{used}{fitting}</translation>
    </message>
    <message>
        <source>Read with the profile {profile}.</source>
        <translation>按导入方案 {profile} 读取。</translation>
    </message>
    <message>
        <source>Read with the profile {profile}. Shipped profiles that fit it: {names}.</source>
        <translation>按导入方案 {profile} 读取。适合它的随附导入方案：{names}。</translation>
    </message>
    <message>
        <source>Kinds that the profile gives no code (kept under their own word)</source>
        <translation>配置未给出代码的类型（按原词保留）</translation>
    </message>
    <message>
        <source>Closed without a closing time</source>
        <translation>已办结但无办结时间</translation>
    </message>
    <message>
        <source>A closing time on a case that is not closed (not used)</source>
        <translation>未办结却有办结时间（未采用）</translation>
    </message>
    <message>
        <source>GB/T 28181 device codes that are not well formed</source>
        <translation>格式不正确的 GB/T 28181 设备编码</translation>
    </message>
    <message>
        <source>Area names or codes that are not in the list of areas</source>
        <translation>区域清单中没有的区域名称或编码</translation>
    </message>
    <message>
        <source>Rows without an id of their own: identified by their content</source>
        <translation>没有编号的行：按内容识别</translation>
    </message>
    <message>
        <source>Times in the future</source>
        <translation>时间在将来</translation>
    </message>
    <message>
        <source>an old .xls workbook: save it as .xlsx or CSV UTF-8</source>
        <translation>旧版 .xls 工作簿：请另存为 .xlsx 或 CSV UTF-8</translation>
    </message>
    <message>
        <source>an SQLite database (or MBTiles, which are a map's background and no list)</source>
        <translation>SQLite 数据库（或 MBTiles：那是地图底图，不是清单）</translation>
    </message>
    <message>
        <source>a picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>a PDF; ask for the table as CSV or xlsx</source>
        <translation>PDF；请索取 CSV 或 xlsx 格式的表格</translation>
    </message>
    <message>
        <source>gzip-packed: unpack it first</source>
        <translation>gzip 压缩文件：请先解压</translation>
    </message>
    <message>
        <source>a RAR archive: unpack it first</source>
        <translation>RAR 压缩包：请先解压</translation>
    </message>
    <message>
        <source>a 7z archive: unpack it first</source>
        <translation>7z 压缩包：请先解压</translation>
    </message>
    <message>
        <source>wgs84, gcj02, bd09 or epsg:NNNN (for example epsg:4547)</source>
        <translation>wgs84、gcj02、bd09 或 epsg:NNNN（例如 epsg:4547）</translation>
    </message>
    <message>
        <source>one of {known}, or a line in [values.{field}]</source>
        <translation>{known} 之一，或在 [values.{field}] 中加一行</translation>
    </message>
    <message>
        <source>The profile {profile} requires {field}, but nothing says from which column of {file} it is read. Add it to [fields] or take it out of required. Its columns are: {columns}</source>
        <translation>导入方案 {profile} 要求 {field} 必填，但没有写明从 {file} 的哪一列读取。请在 [fields] 中补上，或从 required 中去掉。现有列：{columns}</translation>
    </message>
    <message>
        <source>{file} is too large</source>
        <translation>{file} 过大</translation>
    </message>
    <message>
        <source>{file} cannot be read: {why}</source>
        <translation>{file} 无法读取：{why}</translation>
    </message>
    <message>
        <source>A drone's link is udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or file:PATH.</source>
        <translation>无人机链路为 udp:端口、udp:主机:端口、tcp:主机:端口 或 file:路径。</translation>
    </message>
    <message>
        <source>{where} cannot be reached: {why}</source>
        <translation>无法连接 {where}：{why}</translation>
    </message>
    <message>
        <source>{where} cannot be listened at: {why}</source>
        <translation>无法监听 {where}：{why}</translation>
    </message>
    <message>
        <source>telephone alarm</source>
        <translation>电话报警</translation>
    </message>
    <message>
        <source>device alarm</source>
        <translation>设备报警</translation>
    </message>
    <message>
        <source>text message alarm</source>
        <translation>短信报警</translation>
    </message>
    <message>
        <source>GPS alarm</source>
        <translation>GPS 报警</translation>
    </message>
    <message>
        <source>video alarm</source>
        <translation>视频报警</translation>
    </message>
    <message>
        <source>device fault</source>
        <translation>设备故障报警</translation>
    </message>
    <message>
        <source>other alarm</source>
        <translation>其他报警</translation>
    </message>
    <message>
        <source>{method}: {kind}</source>
        <translation>{method}：{kind}</translation>
    </message>
    <message>
        <source>video lost</source>
        <translation>视频丢失</translation>
    </message>
    <message>
        <source>device tampered with</source>
        <translation>设备防拆</translation>
    </message>
    <message>
        <source>storage full</source>
        <translation>存储设备磁盘满</translation>
    </message>
    <message>
        <source>too hot</source>
        <translation>设备高温</translation>
    </message>
    <message>
        <source>too cold</source>
        <translation>设备低温</translation>
    </message>
    <message>
        <source>raised by hand</source>
        <translation>人工视频报警</translation>
    </message>
    <message>
        <source>motion</source>
        <translation>运动目标检测</translation>
    </message>
    <message>
        <source>object left</source>
        <translation>遗留物检测</translation>
    </message>
    <message>
        <source>object removed</source>
        <translation>物体移除检测</translation>
    </message>
    <message>
        <source>line crossed</source>
        <translation>绊线检测</translation>
    </message>
    <message>
        <source>intrusion</source>
        <translation>入侵检测</translation>
    </message>
    <message>
        <source>wrong way</source>
        <translation>逆行检测</translation>
    </message>
    <message>
        <source>loitering</source>
        <translation>徘徊检测</translation>
    </message>
    <message>
        <source>flow count</source>
        <translation>流量统计</translation>
    </message>
    <message>
        <source>density</source>
        <translation>密度检测</translation>
    </message>
    <message>
        <source>picture abnormal</source>
        <translation>视频异常检测</translation>
    </message>
    <message>
        <source>fast movement</source>
        <translation>快速移动</translation>
    </message>
    <message>
        <source>picture covered</source>
        <translation>图像遮挡</translation>
    </message>
    <message>
        <source>an id of letters and digits</source>
        <translation>字母与数字组成的编号</translation>
    </message>
    <message>
        <source>1 to 7</source>
        <translation>1 至 7</translation>
    </message>
    <message>
        <source>1 to 4</source>
        <translation>1 至 4</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>度数</translation>
    </message>
    <message>
        <source>a time of the form YYYY-MM-DD hh:mm:ss</source>
        <translation>YYYY-MM-DD hh:mm:ss 格式的时间</translation>
    </message>
</context>
</TS>
