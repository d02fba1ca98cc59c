namespace Hypercompress.Models.Checkpoints;

/// <summary>The numbers that Python's JSON has and the standard does not: NaN and the infinities.</summary>
internal static class PythonNumbers
{
    /// <summary>Writes them as the standard can: null, and numbers beyond all others.</summary>
    /// <param name="json">A JSON text.</param>
    /// <returns>The text; the same array when it has none of them.</returns>
    public static byte[] Replace(byte[] json)
    {
        if (json.AsSpan().IndexOf("NaN"u8) < 0 && json.AsSpan().IndexOf("Infinity"u8) < 0)
        {
            return json;
        }

        using var changed = new MemoryStream(json.Length + 8);
        bool isInText = false;
        for (int i = 0; i < json.Length; i++)
        {
            ReadOnlySpan<byte> rest = json.AsSpan(i);
            isInText ^= json[i] == '"';
            if (!isInText && (rest.StartsWith("Infinity"u8) || rest.StartsWith("NaN"u8)))
            {
                bool isNaN = json[i] == 'N';
                changed.Write(isNaN ? "null"u8 : "1e999"u8);
                i += (isNaN ? "NaN".Length : "Infinity".Length) - 1;
                continue;
            }

            changed.WriteByte(json[i]);
            if (isInText && json[i] == '\\' && rest.Length > 1)
            {
                changed.WriteByte(json[++i]);
            }
        }

        return changed.ToArray();
    }
}
