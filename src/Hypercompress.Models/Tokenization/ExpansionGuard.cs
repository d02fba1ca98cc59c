using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization;

/// <summary>
/// Keeps a small file from filling the memory: steps that each double a text are soon larger than anything.
/// </summary>
internal static class ExpansionGuard
{
    private const long Free = 1 << 16;
    private const long Factor = 256;

    /// <summary>Checks what a step has made.</summary>
    /// <param name="before">Size before all steps.</param>
    /// <param name="after">Size now.</param>
    /// <param name="file">The file with the steps, for the message.</param>
    /// <exception cref="CheckpointException">It has grown out of proportion.</exception>
    public static void Check(long before, long after, string file)
    {
        if (after > Free + (Factor * before))
        {
            throw new CheckpointException(file, $"makes {after} units of {before}; its steps multiply the text");
        }
    }
}
