using Synfin.Tcp;

namespace Synfin.Stack;

/// <summary>The store of what connections need while they have something in flight.</summary>
public sealed partial class NetworkStack
{
    private const int MaxStoredFlights = 64;

    private Flight? _storedFlights;
    private int _storedFlightCount;

    internal Flight RentFlight()
    {
        if (_storedFlights is not { } flight) return new Flight();
        _storedFlights = flight.Next;
        flight.Next = null;
        _storedFlightCount--;
        return flight;
    }

    internal void ReturnFlight(Flight flight)
    {
        if (_storedFlightCount >= MaxStoredFlights) return;
        flight.Next = _storedFlights;
        _storedFlights = flight;
        _storedFlightCount++;
    }
}
