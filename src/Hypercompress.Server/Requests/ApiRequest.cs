using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Requests;

/// <summary>What a client wants.</summary>
/// <param name="Completion">The text to continue.</param>
/// <param name="Streams">Whether the reply comes piece by piece.</param>
/// <param name="TellsUsage">Whether the last piece tells the counts of tokens.</param>
internal sealed record ApiRequest(CompletionRequest Completion, bool Streams, bool TellsUsage);
