namespace Hypercompress.Evaluation.Scoring;
/// <summary>x</summary>
public static class RollingWindows
{
    /// <summary>x</summary>
    public static IEnumerable<(int[] Context, int[] Scored)> Cut(int[] tokens, int prefix, int maxLength, int contextLength)
    {
        for (int end = 0; end < tokens.Length;)
        {
            int next = Math.Min(end == 0 ? maxLength : end + maxLength, tokens.Length);
            int[] scored = tokens[end..next];
            int start = Math.Max(0, next - maxLength - 1);
            yield return end == 0 ? ([prefix], scored) : (tokens[start..end], scored);
            end = next;
        }
    }
}
