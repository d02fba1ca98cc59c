namespace Hypercompress.StoryModel.Tokens;

/// <summary>The printable letter that byte-level BPE writes for each byte (GPT-2).</summary>
internal static class ByteLetters
{
    /// <summary>The letters of bytes 0 to 255.</summary>
    public static string All { get; } = Make();

    private static string Make()
    {
        int next = 256;
        return string.Concat(Enumerable.Range(0, 256).Select(value =>
            value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)value : (char)next++));
    }
}
