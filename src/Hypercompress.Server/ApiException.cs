namespace Hypercompress.Server;

/// <summary>A request that cannot be answered, with what the client is told.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The kind of error.</param>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="parameter">The member of the request that is wrong; null for none.</param>
/// <param name="code">A word for programs; null for none.</param>
internal sealed class ApiException(
    int status, string type, string message, string? parameter = null, string? code = null) : Exception(message)
{
    /// <summary>The kind of error of a wrong request.</summary>
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The kind of error.</summary>
    public string Type => type;

    /// <summary>The member of the request that is wrong; null for none.</summary>
    public string? Parameter => parameter;

    /// <summary>A word for programs; null for none.</summary>
    public string? Code => code;

    /// <summary>A request with a wrong member.</summary>
    /// <param name="parameter">The member.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="code">A word for programs; null for none.</param>
    /// <returns>The exception.</returns>
    public static ApiException Invalid(string? parameter, string message, string? code = null) =>
        new(400, InvalidRequest, message, parameter, code);
}
