using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;

namespace Hypercompress.Models.Tests.Templates;

public sealed class TextTemplateTests
{
    private static readonly JsonObject Document = (JsonObject)JsonNode.Parse(
        """{"text": "a [b] c's", "n": 2, "real": 1.5, "yes": true, "nothing": null, "choices": {"text": ["x", "y"], "label": ["A", "B"]}}""")!;

    [Theory]
    [InlineData("{{text}}\n", "a [b] c's\n")]
    [InlineData("{{n}} {{real}} {{yes}} {{choices.label.index('B')}}", "2 1.5 True 1")]
    [InlineData("{{ text | regex_replace('\\\\[(.)\\\\]', '<\\\\1$>') }}", "a <b$> c's")]
    [InlineData("{{ text.split(' ')[:-1] | join('+') }}", "a+[b]")]
    [InlineData("{{ missing if missing is defined else 'no' }}", "no")]
    [InlineData("{{ missing | default('no') }}", "no")]
    public void Render_FillsTheHoles(string source, string expected) =>
        Assert.Equal(expected, new TextTemplate(source, "t").Render(Document));

    [Fact]
    public void Render_WithDefinitions_CallsThem() => Assert.Equal(
        "<a [b] c's>", new TextTemplate("{{ wrap(text) }}", "t", "{% macro wrap(x) %}<{{x}}>{% endmacro %}")
            .Render(Document));

    [Theory]
    [InlineData("{{missing}}", "'missing'")]
    [InlineData("{{ missing.name }}", "'missing'")]
    [InlineData("{{ missing | upper }}", "'missing'")]
    [InlineData("{% if missing %}{% endif %}", "'missing'")]
    [InlineData("{{ choices.text[2] }}", "not there")]
    [InlineData("{{ nothing }}", "null")]
    [InlineData("{{ text | regex_replace('(', '') }}", "regular expression")]
    [InlineData("{{ text | regex_replace('a') }}", "repl")]
    public void Render_OfWhatIsNotThere_NamesIt(string source, string expected) => Assert.Contains(
        expected,
        Assert.Throws<ConfigurationException>(() => new TextTemplate(source, "my template").Render(Document)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Create_OfAMalformedTemplate_NamesItsLine() => Assert.StartsWith(
        "my template, line 2",
        Assert.Throws<ConfigurationException>(() => new TextTemplate("a\n{{ b", "my template")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Evaluate_GivesAListOfTexts()
    {
        Assert.Equal(["x", "y"], new TextListTemplate("choices.text", "t").Evaluate(Document));
        Assert.Throws<ConfigurationException>(() => new TextListTemplate("n", "t").Evaluate(Document));
        Assert.Throws<ConfigurationException>(() => new TextListTemplate("missing", "t").Evaluate(Document));
        Assert.Throws<ConfigurationException>(() => new TextListTemplate("a b", "t"));
    }
}
