using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tests.Templates;

public sealed class MutatedTemplatesTests
{
    private const int Rounds = 4000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Pieces =
    [
        "{{ ", " }}", "{% ", " %}", "{#", "#}", "-%}", "{%-", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "~",
        "**",
        "*", "//", "%", "\"", "'", "\\", "\n", " if ", " else ", " for ", " in ", " is ", " not ", "loop", "namespace",
        "messages", "range(99999)", "10**9", "-1", "none", "|tojson", "|list", "|map('upper')", "|join", "['a']", "😀",
        "\ud83d", "\0", "{% for i in range(99999) %}", "{% endfor %}", "{% if 1 %}", "{% endif %}", "{% set x = x %}",
        "{% macro f() %}{{ f() }}{% endmacro %}", "{{ loop(messages) }}", " recursive", "{{ caller() }}", "[::-1]",
    ];

    [Fact]
    public void Render_MutatedTemplates_GivesTextsOrTypedErrorsInTime()
    {
        var random = new Random(20261128);
        string[] sources = [.. JinjaCases.ChatNames.Select(JinjaCases.Chat), .. JinjaCases.Features()];
        var documents = ((JsonArray)JinjaCases.Read("conversations.json")).Select(node => (JsonObject)node!).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            string source = Mutate(sources[random.Next(sources.Length)], sources, random);
            var watch = Stopwatch.StartNew();
            var problem = Record.Exception(() => JinjaCases.Render(source, documents[random.Next(documents.Length)]));
            Assert.True(problem is null, $"round {round}: {problem}\n{source}");
            Assert.True(watch.Elapsed < Patience, $"round {round}: {watch.Elapsed}\n{source}");
        }
    }

    private static string Mutate(string source, string[] sources, Random random)
    {
        var text = new StringBuilder(source);
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(text.Length - at, random.Next(12));
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 3:
                    string other = sources[random.Next(sources.Length)];
                    int start = random.Next(other.Length + 1);
                    text.Insert(at, other.AsSpan(start, Math.Min(other.Length - start, random.Next(60))));
                    break;
                default:
                    text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
