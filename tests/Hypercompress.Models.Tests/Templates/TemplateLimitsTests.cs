using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;

namespace Hypercompress.Models.Tests.Templates;

public sealed class TemplateLimitsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Templates that ask for too much, each in one way.</summary>
    public static TheoryData<string> Greedy =>
    [
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' * 10 ** 30 }}",
        "{{ [1] * 1000000000 }}",
        "{{ range(-9223372036854775808, 9223372036854775807) }}",
        "{{ range(0, 10 ** 30) }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ '1'.zfill(1000000000) }}",
        "{{ '\t'.expandtabs(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:0>1000000000}'.format('x') }}",
        "{{ '{:.1000000000f}'.format(1.5) }}",
        "{{ '{:0100000000,}'.format(1) }}",
        "{{ 'a\nb' | indent(1000000000) }}",
        "{{ [1] | tojson(indent=1000000000) }}",
        "{{ [1] | batch(1000000000, 0) | list }}",
        "{{ [1] | slice(1000000000) | list }}",
        "{{ 9 ** 9 ** 9 ** 9 ** 9 }}",
        "{{ 2 ** 1000000000 }}",
        "{% set n = namespace(s='ab') %}{% for i in range(64) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s='ab') %}{% for i in range(64) %}{% set n.s = n.s.replace('a', n.s) %}{% endfor %}",
        "{% set n = namespace(s='ab') %}{% for i in range(64) %}{% set n.s = n.s.join(n.s) %}{% endfor %}",
        "{% set n = namespace(s='ab') %}{% for i in range(64) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for i in range(64) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=2) %}{% for i in range(64) %}{% set n.s = n.s * n.s %}{% endfor %}",
        "{% set n = namespace(s=1) %}{% for i in range(64) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=1) %}{% for i in range(64) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ n.s | tojson }}",
        "{% set n = namespace(s=1) %}{% for i in range(64) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ {n.s: 1} }}",
        "{% set n = namespace(s=1, t=1) %}{% for i in range(64) %}{% set n.s = (n.s, n.s) %}{% set n.t = (n.t, n.t) %}"
            + "{% endfor %}{{ n.s == n.t }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}"
            + "{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{{ range(99999) | join }}{% endfor %}",
        "{% for a in range(99999) %}{{ range(99999) | sum }}{% endfor %}",
        "{% for a in range(99999) %}{{ range(99999) | sort }}{% endfor %}",
        "{% for a in range(99999) %}{% set x = ('a' * 99999).split('b') %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(x) %}{{ x(f) }}{% endmacro %}{{ f(f) }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(64) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro f() %}{{ caller() }}{{ caller }}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}"
            + "{% call f() %}x{% endcall %}",
    ];

    /// <summary>Templates that nest values; how deep they may be depends on the stack.</summary>
    public static TheoryData<string> DeepValues =>
    [
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = (n.s, 1) %}{% endfor %}{{ {n.s: 1} }}",
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = (n.s, 1) %}{% endfor %}"
            + "{{ ('%s' | safe) % n.s }}",
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = {'a': n.s} %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = [n.s] | batch(2) %}{% endfor %}"
            + "{{ n.s | list }}",
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=1) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s | tojson }}",
        "{% set n = namespace(s=1, t=1) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% set n.t = [n.t] %}"
            + "{% endfor %}{{ n.s == n.t }}",
        "{% set n = namespace(s=[]) %}{% for i in range(99999) %}{% set n.s = n.s | map('list') %}{% endfor %}"
            + "{{ n.s | list }}",
    ];

    /// <summary>Templates that nest or chain something very often.</summary>
    public static TheoryData<string, string, string, int> Deep => new()
    {
        { "{{ a", ".b", " }}", 200_000 },
        { "{{ a", "[0]", " }}", 200_000 },
        { "{{ a", "()", " }}", 200_000 },
        { "{{ 1", " + 1", " }}", 200_000 },
        { "{{ 1", " ** 1", " }}", 200_000 },
        { "{{ 1", " and 1", " }}", 200_000 },
        { "{{ 1", " if 1", " }}", 200_000 },
        { "{{ 1", " if 1 else 1", " }}", 200_000 },
        { "{{ 1", " | string", " }}", 200_000 },
        { "{{ 1", " is defined", " }}", 200_000 },
        { "{{ ", "(", " }}", 100_000 },
        { "{{ ", "[", " }}", 100_000 },
        { "{{ ", "{1: ", " }}", 100_000 },
        { "{{ ", "-", "1 }}", 100_000 },
        { "{{ ", "not ", "1 }}", 100_000 },
        { "{{ a", "(b", " }}", 100_000 },
        { "{{ a", "[b", " }}", 100_000 },
        { "{{ a", "|b(", " }}", 100_000 },
        { "{% set ", "(", "a = 1 %}", 100_000 },
        { "", "{% if 1 %}", "", 100_000 },
        { "", "{% for a in b %}", "", 100_000 },
        { "", "{% macro a() %}", "", 100_000 },
        { "", "{% call a() %}", "", 100_000 },
        { "", "{% with %}", "", 100_000 },
        { "", "{% set a %}", "", 100_000 },
        { "", "{% filter upper %}", "", 100_000 },
        { "{% filter upper", "|upper", " %}{% endfilter %}", 200_000 },
    };

    [Fact]
    public void Constructor_MoreSignsThanAnyTemplateHas_IsRefusedWithinTheMemoryOfItsSize()
    {
        string source = $"{{{{ [{string.Concat(Enumerable.Repeat("(1),", 300_000))}] }}}}";
        long before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<CheckpointException>(() => new ChatTemplate(source, "x.json"));

        Assert.Contains("has more than 250000 words and signs", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2 * source.Length) + (32 << 20));
    }

    [Theory]
    [MemberData(nameof(Greedy))]
    public void Render_AsksForTooMuch_IsATypedErrorInTime(string source) => RequireTypedError(source);

    [Theory]
    [MemberData(nameof(DeepValues))]
    public void Render_DeepValue_IsATypedErrorOrATextInTime(string source) => RequireTypedErrorOrText(source);

    [Theory]
    [MemberData(nameof(Deep))]
    public void Constructor_NestsTooDeep_IsATypedErrorInTime(string start, string part, string end, int times) =>
        RequireTypedError(start + string.Concat(Enumerable.Repeat(part, times)) + end);

    [Theory]
    [InlineData("{% set n = namespace() %}{% set n.a = n %}{{ n }}", "<Namespace {'a': <Namespace {...}>}>")]
    [InlineData("{% set n = namespace() %}{% set n.a = [n] %}{{ n }}", "<Namespace {'a': [<Namespace {...}>]}>")]
    public void Render_NamespaceInItself_IsCutOff(string source, string expected) =>
        Assert.Equal(expected, new ChatTemplate(source, "t").Render([], false, null, null));

    [Fact]
    public void Render_KeptSample_IsATypedErrorOrAText()
    {
        string path = SharedFiles.Require("cases/chat-template-crash-54469-15884.jinja");
        RequireTypedErrorOrText(File.ReadAllText(path));
    }

    [Fact]
    public void Render_LongConversation_IsWithinTheLimits()
    {
        var messages = new JsonArray();
        for (int i = 0; i < 2000; i++)
        {
            messages.Add(new JsonObject
            {
                ["role"] = i % 2 == 0 ? "user" : "assistant",
                ["content"] = $"<think>\n{i}\n</think>\n\n" + new string('x', 500),
            });
        }

        string prompt = new ChatTemplate(JinjaCases.Chat("im-thinking.jinja"), "t").Render(messages, true);
        Assert.InRange(prompt.Length, 1_000_000, 2_000_000);
    }

    [Fact]
    public void Render_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var template = new ChatTemplate(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "t");
        Assert.Throws<OperationCanceledException>(() =>
            template.Render([], false, null, null, cancellation: cancellation.Token));
    }

    [Fact]
    public void Render_OnASmallStack_IsATypedError()
    {
        string body = new string('(', 150) + "f(x)" + new string(')', 150);
        string source = "{% macro f(x) %}{{ " + body + " }}{% endmacro %}{{ f(1) }}";
        Exception? problem = null;
        var thread = new Thread(() => problem = Record.Exception(() => JinjaCases.Render(source, [])), 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(problem);
    }

    private static void RequireTypedError(string source)
    {
        var watch = Stopwatch.StartNew();
        var problem = Record.Exception(() => new ChatTemplate(source, "x.json").Render([], false, null, null));
        Assert.IsType<HypercompressException>(problem, exactMatch: false);
        Assert.Contains("line", problem.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < Patience, watch.Elapsed.ToString("c", CultureInfo.InvariantCulture));
    }

    private static void RequireTypedErrorOrText(string source)
    {
        var watch = Stopwatch.StartNew();
        foreach (var conversation in (JsonArray)JinjaCases.Read("conversations.json"))
        {
            JinjaCases.Render(source, (JsonObject)conversation!);
        }

        Assert.True(watch.Elapsed < Patience, watch.Elapsed.ToString("c", CultureInfo.InvariantCulture));
    }
}
