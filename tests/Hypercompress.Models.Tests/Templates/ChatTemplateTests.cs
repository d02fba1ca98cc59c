using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tests.Packages.Gguf.Tokenizer;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Templates;

public sealed class ChatTemplateTests
{
    private static readonly ChatMessage[] Question = [new("user", " Hi ")];

    private static readonly ChatMessage[] Conversation =
    [
        new("system", "Be brief."),
        new("user", "Hi"),
        new("assistant", "<think>\nGreet.\n</think>\n\nHello!"),
        new("user", "Bye"),
    ];

    [Fact]
    public void Render_SmolLm2WithoutSystem_AddsItsOwn()
    {
        string path = SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        var template = new ChatTemplate(GgufMetadata.ReadTokenizer(path).ChatTemplate!, path);
        const string Expected = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, "
            + "trained by Hugging Face<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\n";
        Assert.Equal(Expected, template.Render(Question, true, "<|im_start|>", "<|im_end|>"));
    }

    [Fact]
    public void Render_Llama3_TrimsAndStartsWithBos()
    {
        var template = FromFolder("llama3");
        Assert.Equal(
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>",
            template.Render(Question, false, "<|begin_of_text|>", null));
        Assert.Equal(
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n",
            template.Render(Question, true, "<|begin_of_text|>", null));
    }

    [Fact]
    public void Render_Qwen3_DropsEarlierThoughts()
    {
        const string Expected = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
            + "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n";
        Assert.Equal(Expected, FromFolder("qwen3").Render(Conversation, false, null, "<|im_end|>"));
    }

    [Fact]
    public void Render_Qwen3LastAnswer_KeepsItsThought()
    {
        const string Expected = "<|im_start|>user\nHi<|im_end|>\n"
            + "<|im_start|>assistant\n<think>\nGreet.\n</think>\n\nHello!<|im_end|>\n";
        Assert.Equal(Expected, FromFolder("qwen3").Render(Conversation[1..3], false, null, null));
    }

    [Fact]
    public void Render_Qwen3WithoutThinking_OpensAnEmptyThought()
    {
        var variables = new Dictionary<string, object?> { ["enable_thinking"] = false };
        const string Expected = "<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";
        Assert.Equal(Expected, FromFolder("qwen3").Render(Question, true, null, null, variables));
    }

    [Theory]
    // Whitespace: a block takes its line break and the indent before it along; output does neither.
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a\n  {{ 1 }}\nb", "a\n  1\nb")]
    [InlineData("a  {%- if true -%}  b  {%- endif %} c", "ab c")]
    [InlineData("a\n  {%+ if true +%}\nb{% endif %}", "a\n  \nb")]
    [InlineData("a\n  {# gone #}\nb{#- and -#} c", "a\nbc")]
    [InlineData("{% raw %}{{ x }}{% endraw %}", "{{ x }}")]
    // Expressions.
    [InlineData("{{ 'a' ~ 1 ~ none ~ true ~ 2.0 }}", "a1NoneTrue2.0")]
    [InlineData("{{ 'x' + ' y ' | trim + 'z' }}", "xyz")]
    [InlineData("{{ 7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ 2 + 3 * 4 }}", "3 2 3.5 8 14")]
    [InlineData("{{ 1 < 2 < 3 and not 2 in [1] and 'b' in 'abc' and 'z' not in {'y': 1} }}", "True")]
    [InlineData("{{ [1, 'a', {'k': none}] }}", "[1, 'a', {'k': None}]")]
    [InlineData("{{ [1,2,3,4][1:] }}{{ [1,2,3][::-1] }}{{ 'hello'[1:-1] }}{{ [1,2][-1] }}", "[2, 3, 4][3, 2, 1]ell2")]
    [InlineData("{{ 'yes' if missing is defined else 'no' }}{{ missing }}{{ missing | default('d') }}", "nod")]
    [InlineData("{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ 'a-b-c'.split('-', 1)[-1] }}",
        "['a', 'b', '', 'c']['a', 'b']b-c")]
    [InlineData("{{ 'Hi'.startswith('H') and 'Hi'.endswith(('x', 'i')) }}{{ 'xxaxx'.strip('x') }}", "Truea")]
    [InlineData("{{ {'b': 1, 'a': [true, none, 'é\"']} | tojson }}", "{\"b\": 1, \"a\": [true, null, \"é\\\"\"]}")]
    [InlineData("{{ {'a': [1, {}]} | tojson(indent=2) }}", "{\n  \"a\": [\n    1,\n    {}\n  ]\n}")]
    [InlineData("{{ [3, 1, 2] | sort | join('-') }}{{ 'abc' | length }}{{ [1, 2] | first }}{{ 'aB' | upper }}",
        "1-2-331AB")]
    [InlineData("{{ [{'n': 1}, {'n': 2}] | selectattr('n', 'equalto', 2) | map(attribute='n') | list }}", "[2]")]
    [InlineData("{{ ['a', 'b'] | map('upper') | join }}{{ [0, 1] | select | list }}", "AB[1]")]
    [InlineData("{{ 1 is number and 'a' is string and [] is iterable and {} is mapping and none is none }}", "True")]
    [InlineData("{{ 4 is divisibleby 2 }}{{ 3 is odd }}{{ 3 is not even }}", "TrueTrueTrue")]
    // Statements.
    [InlineData("{% for i in range(5) if i % 2 == 0 %}{{ loop.index0 }}:{{ i }}{{ ',' if not loop.last }}{% endfor %}",
        "0:0,1:2,2:4")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=2;")]
    [InlineData("{% for i in [0, 1, 2, 3] %}{% if i == 1 %}{% continue %}{% elif i > 2 %}"
        + "{% break %}{% endif %}{{ i }}{% endfor %}",
        "02")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set n = namespace(x=1) %}{% for i in [1, 2] %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "4")]
    [InlineData("{% set x %}a{{ 1 }}{% endset %}{{ x | upper }}", "A1")]
    [InlineData("{% macro f(a, b='z') %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(b=2, a=3) }}", "1z32")]
    [InlineData("{% filter upper %}abc{% endfilter %}{% generation %}d{% endgeneration %}", "ABCd")]
    public void Render_LanguageFeature_WritesWhatJinjaWrites(string source, string expected) =>
        Assert.Equal(expected, new ChatTemplate(source, "t").Render([], false, null, null));

    [Fact]
    public void Render_StrftimeNow_ReadsTheClockThatIsGiven()
    {
        const string Source = "{{ strftime_now('%d %b %Y') if strftime_now is defined else 'no clock' }}";
        Assert.Equal("no clock", new ChatTemplate(Source, "t").Render([], false, null, null));
        Assert.Equal("05 Feb 2001", new ChatTemplate(Source, "t", new FixedClock()).Render([], false, null, null));
    }

    [Fact]
    public void Render_SpecialTokensOfTheSettings_AreDefined()
    {
        var settings = TokenizerSettings.Parse("""
            {"bos_token": "<s>", "pad_token": {"content": "<p>"}, "unk_token": "<u>", "cls_token": "<c>",
             "sep_token": "<e>", "mask_token": "<m>", "additional_special_tokens": ["<x>", "<y>"]}
            """u8.ToArray(), "tokenizer_config.json");
        const string Source = "{{ bos_token ~ pad_token ~ unk_token ~ cls_token ~ sep_token ~ mask_token }} "
            + "{{ eos_token is defined }} {{ additional_special_tokens }}";
        Assert.Equal(
            "<s><p><u><c><e><m> False ['<x>', '<y>']",
            new ChatTemplate(Source, "t").Render([], false, null, null, settings.SpecialTokenVariables));
    }

    [Fact]
    public void Render_ValuesOfNet_AreSeenAsPython()
    {
        var variables = new Dictionary<string, object?>
        {
            ["number"] = 2,
            ["list"] = new object?[] { 1.5, null, "x" },
            ["map"] = new Dictionary<string, object?> { ["k"] = true },
        };
        Assert.Equal(
            "2 [1.5, None, 'x'] True",
            new ChatTemplate("{{ number }} {{ list }} {{ map.k }}", "t").Render([], false, null, null, variables));
        Assert.Throws<ArgumentException>(() => new ChatTemplate("", "t").Render(
            [], false, null, null, new Dictionary<string, object?> { ["clock"] = TimeProvider.System }));
    }

    [Fact]
    public void Render_RaiseException_IsAConfigurationError()
    {
        var template = new ChatTemplate("\n{{ raise_exception('roles must alternate') }}", "t");
        var error = Assert.Throws<ConfigurationException>(() => template.Render([], false, null, null));
        Assert.Contains("roles must alternate", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n\n{{ missing.member }}", "line 3")]
    [InlineData("{{ 1 + 'a' }}", "line 1")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "100")]
    [InlineData("{{ range(10000000) }}", "100000")]
    public void Render_Failure_NamesFileAndLine(string source, string part)
    {
        var template = new ChatTemplate(source, "x.json");
        var error = Assert.Throws<CheckpointException>(() => template.Render([], false, null, null));
        Assert.Contains("x.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n{% if x %}", "endif")]
    [InlineData("a\n{{ x", "line 2")]
    [InlineData("{{ x | shout }}", "'shout'")]
    [InlineData("{% include 'y' %}", "'include'")]
    [InlineData("{% endif %}", "'endif'")]
    [InlineData("{{ 'a }}", "not closed")]
    [InlineData("{{ '\\x1\0' }}", "'\\x' is not followed by a character code")]
    [InlineData("{{ '\\u004\0' }}", "'\\u' is not followed by a character code")]
    public void Constructor_MalformedTemplate_SaysWhy(string source, string part)
    {
        var error = Assert.Throws<CheckpointException>(() => new ChatTemplate(source, "x.json"));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_DeepNesting_IsRefused() =>
        Assert.Throws<CheckpointException>(() => new ChatTemplate($"{{{{ {new string('(', 5000)} }}}}", "t"));

    private static ChatTemplate FromFolder(string name)
    {
        string folder = SharedFiles.Require($"tokenizers/{name}");
        return new ChatTemplate(TokenizerFileSet.ReadSettings(folder).ChatTemplate!, folder);
    }

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2001, 2, 5, 12, 0, 0, TimeSpan.Zero);
    }
}
