using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Transformer;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>A dense model that has learned from the teacher and is compressed in its place.</summary>
/// <param name="Model">The model; owned by whoever holds this record.</param>
/// <param name="Config">Its <c>config.json</c>.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Layers">The teacher's layers that it was made of; empty for a model of its own.</param>
/// <param name="History">What training measured.</param>
internal sealed record PreparedStudent(
    DecoderModel Model, JsonObject Config, string Description, ImmutableArray<int> Layers, TrainingHistory History);
