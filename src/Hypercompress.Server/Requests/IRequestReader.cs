namespace Hypercompress.Server.Requests;

/// <summary>Reads the requests of one endpoint.</summary>
internal interface IRequestReader
{
    /// <summary>Reads a request.</summary>
    /// <param name="body">Its object.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ApiException">It is wrong.</exception>
    ApiRequest Read(RequestBody body, CancellationToken cancellation);
}
