<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>DressedMap</name>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Forces</source>
        <translation>力量</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Fields of view</source>
        <translation>视场</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>部件</translation>
    </message>
    <message>
        <source>Component density</source>
        <translation>部件密度</translation>
    </message>
    <message>
        <source>Areas</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Drones</source>
        <translation>无人机</translation>
    </message>
    <message>
        <source>Tracks</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Vector base</source>
        <translation>矢量底图</translation>
    </message>
    <message>
        <source>Raster base</source>
        <translation>栅格底图</translation>
    </message>
    <message>
        <source>Open incidents</source>
        <translation>在办事件</translation>
    </message>
    <message>
        <source>Overdue share</source>
        <translation>超期占比</translation>
    </message>
    <message>
        <source>Households</source>
        <translation>户数</translation>
    </message>
    <message>
        <source>Map painter is being restarted; the last picture stays</source>
        <translation>底图绘制正在重启，先显示上一次的画面</translation>
    </message>
    <message>
        <source>Map is being prepared …</source>
        <translation>地图准备中……</translation>
    </message>
    <message>
        <source>Raster base cannot be opened: {0}</source>
        <translation>栅格底图打不开：{0}</translation>
    </message>
    <message>
        <source>Data is {0} s old: positions and numbers may have changed</source>
        <translation>数据已是 {0} 秒前的：位置和数字可能有变</translation>
    </message>
    <message>
        <source>Loading {0} … {1}%</source>
        <translation>正在载入{0}…… {1}%</translation>
    </message>
    <message>
        <source>Base is generated</source>
        <translation>底图为生成示意</translation>
    </message>
    <message>
        <source>Borders are generated</source>
        <translation>界线为生成示意</translation>
    </message>
    <message>
        <source>Forces thinned</source>
        <translation>力量已抽稀</translation>
    </message>
    <message>
        <source>Free ones: {0} near urgent work drawn; off line: from street level</source>
        <translation>空闲只画紧急件附近 {0} 个，离线放大后可见</translation>
    </message>
    <message>
        <source>No district yet</source>
        <translation>还没有辖区数据</translation>
    </message>
    <message>
        <source>Import areas and grids (main.py import areas FILE) or start the demo (main.py demo).</source>
        <translation>请先导入区域和网格（main.py import areas 文件），或启动演示（main.py demo）。</translation>
    </message>
    <message>
        <source>Base and borders are generated</source>
        <translation>底图与界线为生成示意</translation>
    </message>
    <message>
        <source>data {0} s ago</source>
        <translation>数据 {0} 秒前</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>going</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>on scene</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>off line</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>★ Moved by hand: press * to follow the work</source>
        <translation>★ 已手动移动：按 * 回到处置现场</translation>
    </message>
    <message>
        <source>{0}. Kept tiles, areas and marks still work; the vector base shows without the raster layer</source>
        <translation>{0}。已缓存的图块、区划和标记照常使用；在图层（L）中关闭栅格底图即显示矢量底图</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大（+）</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>缩小（−）</translation>
    </message>
    <message>
        <source>Whole district (Home)</source>
        <translation>全区（Home）</translation>
    </message>
    <message>
        <source>Where the work is (*)</source>
        <translation>回到处置现场（*）</translation>
    </message>
    <message>
        <source>Go to (G)</source>
        <translation>定位（G）</translation>
    </message>
    <message>
        <source>Measure (M)</source>
        <translation>测距、测面（M）</translation>
    </message>
    <message>
        <source>Select by rectangle (R)</source>
        <translation>矩形框选（R）</translation>
    </message>
    <message>
        <source>Select by polygon (P)</source>
        <translation>多边形圈选（P）</translation>
    </message>
    <message>
        <source>Select by radius (O)</source>
        <translation>半径圈选（O）</translation>
    </message>
    <message>
        <source>Layers L · {0}</source>
        <translation>图层 L · {0}</translation>
    </message>
    <message>
        <source>{0} incidents of level {1}: click to zoom in</source>
        <translation>{0} 件 {1} 级事件：点击放大</translation>
    </message>
    <message>
        <source>{0} incidents, the gravest of level {1}: click to zoom in</source>
        <translation>{0} 件事件，最高 {1} 级：点击放大</translation>
    </message>
    <message>
        <source>Report an incident here</source>
        <translation>在此处上报事件</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近的视频</translation>
    </message>
    <message>
        <source>Nearest forces</source>
        <translation>最近的力量</translation>
    </message>
    <message>
        <source>Measure from here</source>
        <translation>从这里测量</translation>
    </message>
    <message>
        <source>Copy coordinates</source>
        <translation>复制坐标</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>Seen from afar, free forces are drawn near urgent work only, those off line not.</source>
        <translation>缩小时，空闲力量只画紧急件附近，离线力量不画。</translation>
    </message>
    <message>
        <source>{0} (none)</source>
        <translation>{0}（未设置）</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Areas coloured by</source>
        <translation>区域着色</translation>
    </message>
</context>
<context>
    <name>GoToField</name>
    <message>
        <source>Go to: coordinates, grid, number, camera, unit</source>
        <translation>定位：坐标、网格、编号、视频、力量</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>定位</translation>
    </message>
</context>
<context>
    <name>MapCard</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
</TS>
