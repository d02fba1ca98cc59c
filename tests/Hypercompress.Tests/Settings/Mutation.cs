namespace Hypercompress.Tests.Settings;

/// <summary>Damages a text in small ways, to see that a reader takes it or refuses it and never falls over.</summary>
internal static class Mutation
{
    private const int Texts = 400;

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", "\n", "\n- ", "  ", "\t", "\"", "'", "#", "%YAML 9\n", "---\n", "...",
        "&a ", "*a", "!x ", "|", ">", "?",
        "? ", ",", "-1", "1e999", "9223372036854775807", "null", "0", "\\ud800", "\0", "é", "\u2028",
    ];

    /// <summary>Reads many mutations of a text and asserts that only certain exceptions are thrown.</summary>
    /// <param name="text">The intact text.</param>
    /// <param name="path">File that each mutation is written to.</param>
    /// <param name="read">Reads the file.</param>
    /// <param name="typed">The exceptions that a reader may throw.</param>
    public static void AssertTyped(string text, string path, Action<string> read, params Type[] typed)
    {
        for (int seed = 0; seed < Texts; seed++)
        {
            string mutated = Mutate(text, new Random(seed));
            File.WriteAllText(path, mutated);
            Exception? fault = Record.Exception(() => read(path));
            Assert.True(
                fault is null
                    || typed.Contains(
                        fault.GetType()), $"seed {seed}: {fault}\n{mutated[..Math.Min(2000, mutated.Length)]}");
        }
    }

    private static string Mutate(string text, Random random)
    {
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(random.Next(2) == 0 ? 3 : 40), text.Length - at);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(random.Next(text.Length - length), length)),
                2 => text.Remove(at, Math.Min(1, length)).Insert(at, Pieces[random.Next(Pieces.Length)]),
                _ => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            };
            if (text.Length == 0)
            {
                break;
            }
        }

        return text;
    }
}
