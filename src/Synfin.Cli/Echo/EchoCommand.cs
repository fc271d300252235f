namespace Synfin.Cli.Echo;

internal static class EchoCommand
{
    public static Task<int> RunAsync(EchoOptions options, TextWriter output, TextWriter error, CancellationToken ct) =>
        throw new PlatformNotSupportedException("echo is not part of this build");
}
