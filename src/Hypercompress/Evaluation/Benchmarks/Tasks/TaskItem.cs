using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>A document of a task, made ready for a model.</summary>
public sealed record TaskItem
{
    /// <summary>0-based row of the document in its split.</summary>
    public required int Index { get; init; }

    /// <summary>The document as it was read.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>Its position, for messages: file and line.</summary>
    public required string Place { get; init; }

    /// <summary>One request per option of a multiple choice, otherwise one.</summary>
    public required ImmutableArray<TaskRequest> Requests { get; init; }

    /// <summary>The options without their delimiter; empty unless the task is a multiple choice.</summary>
    public required ImmutableArray<string> Choices { get; init; }

    /// <summary>Index of the right option; −1 unless the task is a multiple choice.</summary>
    public required int Gold { get; init; }

    /// <summary>The right answer as text.</summary>
    public required string Target { get; init; }

    /// <summary>Words of the text that counts; 0 unless whole texts are scored.</summary>
    public int Words { get; init; }

    /// <summary>UTF-8 bytes of the text that counts; 0 unless whole texts are scored.</summary>
    public int Bytes { get; init; }
}
