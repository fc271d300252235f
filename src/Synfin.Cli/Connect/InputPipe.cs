using System.IO.Pipelines;

namespace Synfin.Cli.Connect;

/// <summary>
/// Standard input as a pipe: a read of it cannot be cancelled, one of the pipe can. At most <see cref="MaxBuffered"/> octets are read
/// ahead.
/// </summary>
internal static class InputPipe
{
    /// <summary>What is read ahead at most.</summary>
    public const int MaxBuffered = 65_536;

    /// <summary>Begins to read, and goes on in the background until the input or the process ends.</summary>
    public static PipeReader Start(Stream input)
    {
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: MaxBuffered, resumeWriterThreshold: MaxBuffered / 2, useSynchronizationContext: false));
        _ = PumpAsync(input, pipe.Writer);
        return pipe.Reader;
    }

    private static async Task PumpAsync(Stream input, PipeWriter writer)
    {
        // The read may block the thread: never the caller's.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await input.CopyToAsync(writer).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            var said = new IOException($"standard input cannot be read: {failure.Message}", failure);
            await writer.CompleteAsync(said).ConfigureAwait(false);
        }
    }
}
