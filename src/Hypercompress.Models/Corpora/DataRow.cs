using System.Text.Json.Nodes;

namespace Hypercompress.Models.Corpora;

/// <summary>One row of a data file.</summary>
/// <param name="Values">Its fields by name.</param>
/// <param name="Place">Its position, for messages: <c>line 12</c>, or <c>row 12</c> of a Parquet file.</param>
public sealed record DataRow(JsonObject Values, string Place);
