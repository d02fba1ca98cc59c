using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Replies;

/// <summary>How one endpoint writes replies.</summary>
internal interface IReplyFormat
{
    /// <summary>What names of replies begin with.</summary>
    string Prefix { get; }

    /// <summary>A whole reply.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="result">The text with its tokens.</param>
    /// <param name="tellsProbabilities">Whether the client wants probabilities.</param>
    /// <returns>The object.</returns>
    JsonObject Whole(ReplyHead head, CompletionResult result, bool tellsProbabilities);

    /// <summary>The piece before all text.</summary>
    /// <param name="head">Its head.</param>
    /// <returns>The object; null where a reply begins with its text.</returns>
    JsonObject? First(ReplyHead head);

    /// <summary>A piece of text.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="piece">The text with its tokens.</param>
    /// <param name="tellsProbabilities">Whether the client wants probabilities.</param>
    /// <returns>The object.</returns>
    JsonObject Piece(ReplyHead head, CompletionPiece piece, bool tellsProbabilities);

    /// <summary>The piece that says why the text ended.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="result">The whole text.</param>
    /// <returns>The object.</returns>
    JsonObject Last(ReplyHead head, CompletionResult result);

    /// <summary>The piece that tells the counts of tokens.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="result">The whole text.</param>
    /// <returns>The object.</returns>
    JsonObject Usage(ReplyHead head, CompletionResult result);
}
