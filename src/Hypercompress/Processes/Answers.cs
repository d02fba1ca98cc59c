namespace Hypercompress.Processes;

/// <summary>Lets all processes know what one of them knows.</summary>
internal static class Answers
{
    /// <summary>Whether something holds in process 0; done by all.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="holds">What this process knows; of interest in process 0.</param>
    /// <returns>What process 0 knows.</returns>
    public static bool Ask(this IProcessGroup processes, bool holds)
    {
        byte answer = holds ? (byte)1 : (byte)0;
        processes.Broadcast(new Span<byte>(ref answer), 0);
        return answer != 0;
    }
}
