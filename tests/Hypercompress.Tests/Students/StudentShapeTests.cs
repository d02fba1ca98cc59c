using Hypercompress.Models.Errors;
using Hypercompress.Students;

namespace Hypercompress.Tests.Students;

public sealed class StudentShapeTests
{
    [Theory]
    [InlineData("depth=0.5", 0.5, 1)]
    [InlineData("width=.75", 1, 0.75)]
    [InlineData("width=0.75, depth=0.5", 0.5, 0.75)]
    public void Parse_ReadsShares(string text, double depth, double width) =>
        Assert.Equal(new StudentShape(depth, width), StudentShape.TryParse(text));

    [Theory]
    [InlineData("models/small")]
    [InlineData("owner/name@main")]
    [InlineData("a=b.gguf")]
    public void Parse_NameOfAModel_IsNoShape(string text) => Assert.Null(StudentShape.TryParse(text));

    [Theory]
    [InlineData("depth=0", "above 0")]
    [InlineData("depth=1.5", "at most 1")]
    [InlineData("width=half", "found 'half'")]
    [InlineData("depth=0.5,height=2", "'height=2'")]
    [InlineData("depth=0.5,depth=0.5", "each once")]
    [InlineData("depth=1,width=1", "the teacher itself")]
    public void Parse_ImpossibleShape_SaysWhy(string text, string why)
    {
        var refused = Assert.Throws<ConfigurationException>(() => StudentShape.TryParse(text));
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
