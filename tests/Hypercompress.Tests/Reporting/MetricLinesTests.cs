using Hypercompress.Phases;
using Hypercompress.Reporting;

namespace Hypercompress.Tests.Reporting;

public sealed class MetricLinesTests
{
    [Fact]
    public void Write_Values_AreLinesOfJson() => Assert.Equal(
        """
        {"phase":"distillation","series":"training loss","step":1,"value":2.5}
        {"phase":"distillation","series":"gradient norm","step":1,"value":null}

        """.ReplaceLineEndings("\n"),
        MetricLines.Write(
        [
            new MeasuredValue("distillation", "training loss", 1, 2.5),
            new MeasuredValue("distillation", "gradient norm", 1, double.NaN),
        ]));
}
