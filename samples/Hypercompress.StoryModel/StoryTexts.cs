using System.Text;
using Hypercompress.StoryModel.Stories;
using Hypercompress.StoryModel.Tokens;

namespace Hypercompress.StoryModel;

/// <summary>Makes long texts of many stories.</summary>
public static class StoryTexts
{
    /// <summary>The stories of a range of seeds.</summary>
    /// <param name="firstSeed">Seed of the first story.</param>
    /// <param name="count">Number of stories.</param>
    /// <returns>The stories one after the other.</returns>
    public static IEnumerable<string> Stories(ulong firstSeed, int count) =>
        Enumerable.Range(0, count).Select(i => StoryGrammar.Write(firstSeed + (ulong)i));

    /// <summary>A text of whole stories, each followed by a line with the end-of-text token.</summary>
    /// <param name="firstSeed">Seed of the first story.</param>
    /// <param name="characters">Length at which no more story is added.</param>
    /// <returns>The text, ASCII only.</returns>
    public static string Text(ulong firstSeed, long characters)
    {
        var text = new StringBuilder();
        for (ulong seed = firstSeed; text.Length < characters; seed++)
        {
            text.Append(StoryGrammar.Write(seed)).Append('\n').Append(BpeTrainer.EndOfText).Append('\n');
        }

        return text.ToString();
    }
}
