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
        <source>{file}: the places lie in China and the file does not say its datum; a wrong one puts everything half a kilometre off. {hint}Add one of: --crs wgs84 (GPS, surveys, CGCS2000), --crs gcj02 (AMap, Tencent, DataV), --crs bd09 (Baidu)</source>
        <translation>{file}：坐标位于中国境内，但文件未说明坐标系；用错会整体偏移约半公里。{hint}请加其一：--crs wgs84（GPS、测绘、CGCS2000）、--crs gcj02（高德、腾讯、DataV）、--crs bd09（百度）</translation>
    </message>
    <message>
        <source>{file}: nothing in it is known as road, water, green or building. Say what it is in a profile: [constants] class = "water"</source>
        <translation>{file}：其中没有可识别的道路、水系、绿地或建筑。请在导入方案中写明：[constants] class = "water"</translation>
    </message>
    <message>
        <source>{file}: the coordinates (such as {x}, {y}) are no degrees but metres of a projected system. Say which: add --crs epsg:NNNN (for example --crs epsg:4548 for CGCS2000 3-degree zone 117E)</source>
        <translation>{file}：坐标（如 {x}, {y}）不是经纬度，而是投影坐标（米）。请指明坐标系：加 --crs epsg:NNNN（例如 CGCS2000 三度带 117E 为 --crs epsg:4548）</translation>
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
        <source>{file}: no column is known as {field}. Its columns are: {columns}. {hint}Write a profile that says which one it is ([fields] {field} = "..."; see the profiles' README), then add --profile FILE.toml</source>
        <translation>{file}：没有可识别为 {field} 的列。现有列：{columns}。{hint}请写一个导入方案指明（[fields] {field} = "..."，见导入方案的 README），再加 --profile FILE.toml</translation>
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
</context>
</TS>
