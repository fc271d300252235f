using Synfin.Sockets;

namespace Synfin.AspNetCore;

/// <summary>What ASP.NET Core asks of a stack.</summary>
internal static class HostedStack
{
    /// <summary>The stack, if any thread may use it.</summary>
    /// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
    public static TcpStack Verify(TcpStack stack, string why)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (stack.Gate.IsShared) return stack;
        throw new InvalidOperationException(
            $"{why}, which strict mode cannot serve: use a stack in hosted mode "
            + "(for a simulated network SimulationOptions.Mode = SimulationMode.Hosted).");
    }
}
